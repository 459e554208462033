//! The table of addresses. What an address takes and gives is read off its handler's own types.

use std::future::Future;

use axum::handler::Handler;
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::Value;
use web::{Allow, App, Failure, Routes};

use super::extract::{Part, Told};
use crate::model::Scope;

/// What an address takes and gives.
#[derive(Default)]
pub(crate) struct Shape {
    /// The schema of its query.
    pub(crate) query: Option<Value>,
    /// The schema of its body.
    pub(crate) body: Option<Value>,
    /// Whether it takes the headers of writing.
    pub(crate) writes: bool,
    /// The schema of its answer.
    pub(crate) answer: Value,
}

/// One address of the API.
pub(crate) struct Endpoint {
    /// `GET` or `POST`.
    pub(crate) method: &'static str,
    /// With its `{parameters}`.
    pub(crate) path: &'static str,
    /// What a token needs.
    pub(crate) scope: Scope,
    /// Its name; its words stand in the catalogues under `integration-api-NAME`.
    pub(crate) name: &'static str,
    /// What it takes and gives.
    pub(crate) shape: Shape,
}

/// All addresses of the API.
pub(crate) struct Table {
    routes: Routes,
    endpoints: Vec<Endpoint>,
    generator: SchemaGenerator,
}

impl Table {
    /// No addresses yet.
    pub(crate) fn new(module: &'static str) -> Table {
        let settings = SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        });
        Table {
            routes: Routes::new(module),
            endpoints: Vec::new(),
            generator: settings.into_generator(),
        }
    }

    /// Answers GET at `path` to tokens with `scope`.
    pub(crate) fn get<H, T, S>(
        mut self,
        path: &'static str,
        scope: Scope,
        name: &'static str,
        handler: H,
    ) -> Table
    where
        H: Handler<T, App> + Typed<S>,
        T: 'static,
    {
        self.note::<H, S>("GET", path, scope, name);
        self.routes = self.routes.get(path, Allow::Token(scope.code()), handler);
        self
    }

    /// Answers POST at `path` to tokens with `scope`.
    pub(crate) fn post<H, T, S>(
        mut self,
        path: &'static str,
        scope: Scope,
        name: &'static str,
        handler: H,
    ) -> Table
    where
        H: Handler<T, App> + Typed<S>,
        T: 'static,
    {
        self.note::<H, S>("POST", path, scope, name);
        self.routes = self.routes.post(path, Allow::Token(scope.code()), handler);
        self
    }

    fn note<H: Typed<S>, S>(
        &mut self,
        method: &'static str,
        path: &'static str,
        scope: Scope,
        name: &'static str,
    ) {
        self.endpoints.push(Endpoint {
            method,
            path,
            scope,
            name,
            shape: H::shape(&mut self.generator),
        });
    }

    /// The addresses.
    pub(crate) fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// The addresses and the schemas that they name.
    pub(crate) fn into_parts(mut self) -> (Vec<Endpoint>, serde_json::Map<String, Value>) {
        let schemas = self.generator.take_definitions(true);
        (self.endpoints, schemas)
    }

    /// What the program's router takes.
    pub(crate) fn into_routes(self) -> Routes {
        self.routes
    }
}

/// A handler whose types say what it takes and gives.
pub(crate) trait Typed<S> {
    /// That, for the document.
    fn shape(generator: &mut SchemaGenerator) -> Shape;
}

macro_rules! typed {
    ($($part:ident),+) => {
        impl<F, Fut, A, $($part),+> Typed<(Fut, A, $($part),+)> for F
        where
            F: Fn($($part),+) -> Fut,
            Fut: Future<Output = Result<Told<A>, Failure>>,
            A: JsonSchema,
            $($part: Part),+
        {
            fn shape(generator: &mut SchemaGenerator) -> Shape {
                let mut shape = Shape::default();
                $($part::describe(&mut shape, generator);)+
                shape.answer = generator.subschema_for::<A>().to_value();
                shape
            }
        }
    };
}

typed!(P1);
typed!(P1, P2);
typed!(P1, P2, P3);
typed!(P1, P2, P3, P4);
