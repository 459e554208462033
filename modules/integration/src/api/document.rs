//! The OpenAPI 3.1 document, made from the table of addresses.

use serde_json::{Map, Value, json};

use super::table::{Endpoint, Table};
use crate::model::Scope;

/// The whole document; `word` looks words up.
pub(crate) fn document(table: Table, base_url: &str, word: &dyn Fn(&str) -> String) -> Value {
    let (endpoints, mut schemas) = table.into_parts();
    schemas.insert("Problem".to_owned(), problem(word));
    let mut paths = Map::new();
    for endpoint in &endpoints {
        let path = paths
            .entry(endpoint.path)
            .or_insert_with(|| Value::Object(Map::new()));
        path[endpoint.method.to_ascii_lowercase()] = operation(endpoint, word);
    }
    let scopes: Vec<String> = Scope::ALL
        .iter()
        .map(|scope| format!("- `{scope}`: {}", word(&scope.text_key())))
        .collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": word("integration-api-title"),
            "version": "1",
            "description": format!("{}\n\n{}", word("integration-api-answer"), scopes.join("\n")),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": base_url }],
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "schemas": schemas,
            "responses": { "Problem": {
                "description": word("integration-api-problem"),
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
            } },
        },
    })
}

fn problem(word: &dyn Fn(&str) -> String) -> Value {
    json!({
        "type": "object",
        "description": word("integration-api-problem"),
        "required": ["type", "title", "status", "detail", "code", "request"],
        "properties": {
            "type": { "type": "string" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string" },
            "code": { "type": "string" },
            "request": { "type": "string" },
            "field": { "type": "string" },
        },
    })
}

fn operation(endpoint: &Endpoint, word: &dyn Fn(&str) -> String) -> Value {
    let mut parameters = of_path(endpoint.path);
    parameters.extend(of_query(endpoint.shape.query.as_ref()));
    if endpoint.shape.writes {
        parameters.extend(["If-Match", "Idempotency-Key"].map(|name| {
            json!({
                "name": name, "in": "header", "required": false, "schema": { "type": "string" },
                "description": word(&format!("integration-api-header-{}", name.to_ascii_lowercase())),
            })
        }));
    }
    let mut answers = Map::new();
    answers.insert(
        "2XX".to_owned(),
        json!({
            "description": word("integration-api-done"),
            "content": { "application/json": { "schema": endpoint.shape.answer } },
        }),
    );
    let statuses: &[&str] = match endpoint.method {
        "GET" => &["401", "403", "404", "422", "429"],
        _ => &["400", "401", "403", "404", "409", "413", "422", "428", "429"],
    };
    for status in statuses {
        answers.insert(
            (*status).to_owned(),
            json!({ "$ref": "#/components/responses/Problem" }),
        );
    }
    let mut operation = json!({
        "operationId": endpoint.name.replace('-', "_"),
        "summary": word(&endpoint.text_key()),
        "tags": [endpoint.scope.code().split(':').next()],
        "security": [{ "token": [endpoint.scope.code()] }],
        "parameters": parameters,
        "responses": answers,
    });
    if let Some(body) = &endpoint.shape.body {
        operation["requestBody"] = json!({ "content": { "application/json": { "schema": body } } });
    }
    operation
}

fn of_path(path: &str) -> Vec<Value> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect()
}

/// Each property of the query's schema is a parameter of its own.
fn of_query(schema: Option<&Value>) -> Vec<Value> {
    let properties = schema
        .and_then(|schema| schema["properties"].as_object())
        .into_iter()
        .flatten();
    let required = |name: &str| {
        schema
            .and_then(|schema| schema["required"].as_array())
            .is_some_and(|names| names.iter().any(|one| one == name))
    };
    properties
        .map(|(name, schema)| {
            let mut schema = schema.clone();
            let description = schema.as_object_mut().and_then(|own| own.remove("description"));
            let mut parameter =
                json!({ "name": name, "in": "query", "required": required(name), "schema": schema });
            if let Some(words) = description {
                parameter["description"] = words;
            }
            parameter
        })
        .collect()
}

impl Endpoint {
    /// The catalogue key of what it does.
    pub(crate) fn text_key(&self) -> String {
        format!("integration-api-{}", self.name)
    }
}
