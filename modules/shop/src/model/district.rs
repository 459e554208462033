//! The districts of Beijing.

kernel::coded! {
    /// The districts of Beijing, by their codes of GB/T 2260.
    pub enum District {
        /// 东城区
        Dongcheng = "110101",
        /// 西城区
        Xicheng = "110102",
        /// 朝阳区
        Chaoyang = "110105",
        /// 丰台区
        Fengtai = "110106",
        /// 石景山区
        Shijingshan = "110107",
        /// 海淀区
        Haidian = "110108",
        /// 门头沟区
        Mentougou = "110109",
        /// 房山区
        Fangshan = "110111",
        /// 通州区
        Tongzhou = "110112",
        /// 顺义区
        Shunyi = "110113",
        /// 昌平区
        Changping = "110114",
        /// 大兴区
        Daxing = "110115",
        /// 怀柔区
        Huairou = "110116",
        /// 平谷区
        Pinggu = "110117",
        /// 密云区
        Miyun = "110118",
        /// 延庆区
        Yanqing = "110119",
    }
}

impl District {
    /// The Chinese name: 东城区.
    pub const fn name(self) -> &'static str {
        match self {
            District::Dongcheng => "东城区",
            District::Xicheng => "西城区",
            District::Chaoyang => "朝阳区",
            District::Fengtai => "丰台区",
            District::Shijingshan => "石景山区",
            District::Haidian => "海淀区",
            District::Mentougou => "门头沟区",
            District::Fangshan => "房山区",
            District::Tongzhou => "通州区",
            District::Shunyi => "顺义区",
            District::Changping => "昌平区",
            District::Daxing => "大兴区",
            District::Huairou => "怀柔区",
            District::Pinggu => "平谷区",
            District::Miyun => "密云区",
            District::Yanqing => "延庆区",
        }
    }

    /// The district of a Chinese name, with or without 区.
    pub fn named(name: &str) -> Option<District> {
        let name = name.trim();
        District::ALL.iter().copied().find(|district| {
            let full = district.name();
            full == name || full.strip_suffix('区') == Some(name)
        })
    }

    /// The catalogue key of the name.
    pub fn text_key(self) -> String {
        format!("shop-district-{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn districts_are_found_by_name() {
        assert_eq!(District::ALL.len(), 16);
        for district in District::ALL {
            assert_eq!(District::named(district.name()), Some(*district));
        }
        assert_eq!(District::named("海淀"), Some(District::Haidian));
        assert_eq!(District::named("浦东新区"), None);
    }
}
