use super::Class;

macro_rules! error_codes {
    ($($number:literal $name:ident $class:ident $text:literal;)*) => {
        /// The error codes of the official account's API that a program can act upon
        /// (`developers.weixin.qq.com/doc/oplatform/Return_codes/Return_code_descriptions_new.html`).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $(#[doc = $text] $name,)*
            /// Any other number.
            Other(i64),
        }

        impl ErrorCode {
            /// From `errcode`.
            pub fn from_number(number: i64) -> Self {
                match number {
                    $($number => Self::$name,)*
                    other => Self::Other(other),
                }
            }

            /// As WeChat writes it.
            pub fn number(self) -> i64 {
                match self {
                    $(Self::$name => $number,)*
                    Self::Other(number) => number,
                }
            }

            /// What to do about it. An unknown number asks for a person.
            pub fn class(self) -> Class {
                match self {
                    $(Self::$name => Class::$class,)*
                    Self::Other(_) => Class::Alarm,
                }
            }
        }
    };
}

error_codes! {
    -1 SystemBusy Retry "The system is busy.";
    40001 InvalidCredential RefreshToken "The access token is not the latest, or the secret is wrong.";
    40002 InvalidGrantType Alarm "grant_type is wrong.";
    40003 InvalidOpenid Refuse "The openid does not belong to this account.";
    40004 InvalidMediaType Refuse "The kind of media is wrong.";
    40005 InvalidFileType Refuse "The kind of file is wrong.";
    40006 InvalidFileSize Refuse "The file has a wrong size.";
    40007 InvalidMediaId Refuse "The media id is unknown or expired.";
    40008 InvalidMessageType Refuse "The kind of message is wrong.";
    40009 InvalidImageSize Refuse "The picture has a wrong size.";
    40010 InvalidVoiceSize Refuse "The voice has a wrong size.";
    40011 InvalidVideoSize Refuse "The video has a wrong size.";
    40012 InvalidThumbSize Refuse "The thumbnail has a wrong size.";
    40013 InvalidAppid Alarm "The appid is wrong.";
    40014 InvalidAccessToken RefreshToken "The access token is wrong.";
    40015 InvalidMenuType Refuse "The kind of menu is wrong.";
    40016 InvalidButtonCount Refuse "The number of buttons is wrong.";
    40017 InvalidButtonType Refuse "The kind of a button is wrong.";
    40018 InvalidButtonName Refuse "The name of a button is too long.";
    40019 InvalidButtonKey Refuse "The key of a button is too long.";
    40020 InvalidButtonUrl Refuse "The address of a button is too long.";
    40021 InvalidMenuVersion Refuse "The version of the menu is wrong.";
    40022 InvalidSubMenuLevels Refuse "The menu has too many levels.";
    40023 InvalidSubButtonCount Refuse "The number of entries of a menu list is wrong.";
    40024 InvalidSubButtonType Refuse "The kind of an entry of a menu list is wrong.";
    40025 InvalidSubButtonName Refuse "The name of an entry of a menu list is too long.";
    40026 InvalidSubButtonKey Refuse "The key of an entry of a menu list is too long.";
    40027 InvalidSubButtonUrl Refuse "The address of an entry of a menu list is too long.";
    40028 InvalidMenuUser Refuse "The person of a menu is wrong.";
    40029 InvalidOauthCode Refuse "The OAuth code is wrong.";
    40030 InvalidRefreshToken Refuse "The OAuth refresh token is wrong.";
    40031 InvalidOpenidList Refuse "The list of openids is wrong.";
    40032 InvalidOpenidCount Refuse "The list of openids is too long or too short.";
    40033 InvalidCharacter Refuse "The request holds a character that is not allowed.";
    40035 InvalidParameter Refuse "A parameter is wrong.";
    40036 InvalidTemplateSize Alarm "The template id has a wrong length.";
    40037 InvalidTemplateId Alarm "The template id is wrong.";
    40038 InvalidRequestFormat Alarm "The form of the request is wrong.";
    40039 InvalidUrlLength Refuse "An address is too long.";
    40050 InvalidGroupId Refuse "The group number is wrong.";
    40051 InvalidGroupName Refuse "The group name is wrong.";
    40053 InvalidActionInfo Refuse "The scene of the QR code is wrong.";
    40054 InvalidButtonDomain Refuse "The address of a menu entry is wrong.";
    40055 InvalidSubButtonDomain Refuse "The address of an entry of a menu list is wrong.";
    40060 InvalidArticleIndex Refuse "There is no such article in the draft.";
    40066 InvalidUrl Refuse "An address is wrong.";
    40097 InvalidArguments Refuse "The arguments are wrong.";
    40102 InvalidIndustry Refuse "The industry number is wrong, or none was chosen.";
    40113 UnsupportedFileType Refuse "The kind of file is not supported.";
    40114 InvalidDraftIndex Refuse "There is no such article in the draft.";
    40117 InvalidGroupNameText Refuse "The group name is wrong.";
    40118 InvalidMediaSize Refuse "The media id has a wrong length.";
    40119 ButtonTypeError Refuse "The kind of a button is wrong.";
    40120 SubButtonTypeError Refuse "The kind of an entry of a menu list is wrong.";
    40121 InvalidMediaIdType Refuse "The media id is of another kind.";
    40125 InvalidSecret Alarm "The app secret is wrong.";
    40130 TooFewOpenids Refuse "A mass message goes to two people at least.";
    40132 InvalidWeChatName Refuse "The WeChat name is wrong.";
    40137 UnsupportedImage Refuse "The picture's format is not supported.";
    40155 ForeignHomepage Refuse "An address leads to the home page of another account.";
    40163 OauthCodeUsed Refuse "The OAuth code was used already.";
    40164 IpNotListed Alarm "The calling address is not on the account's IP whitelist.";
    40201 NoCallbackUrl Alarm "The account has no callback address.";
    40202 InvalidCheckAction Refuse "What is to be checked is wrong.";
    40203 InvalidCheckOperator Refuse "The network to check from is wrong.";
    40243 SecretFrozen Alarm "The app secret is frozen.";
    41001 MissingAccessToken RefreshToken "No access token was sent.";
    41002 MissingAppid Alarm "No appid was sent.";
    41003 MissingRefreshToken Refuse "No OAuth refresh token was sent.";
    41004 MissingSecret Alarm "No secret was sent.";
    41005 MissingMedia Refuse "No file was sent.";
    41006 MissingMediaId Refuse "No media id was sent.";
    41007 MissingSubMenu Refuse "No menu list was sent.";
    41008 MissingOauthCode Refuse "No OAuth code was sent.";
    41009 MissingOpenid Refuse "No openid was sent.";
    41030 InvalidPage Refuse "The page of the mini program is wrong.";
    42001 AccessTokenExpired RefreshToken "The access token has expired.";
    42002 RefreshTokenExpired Refuse "The OAuth refresh token has expired.";
    42003 OauthCodeExpired Refuse "The OAuth code has expired.";
    42007 AuthorizationRevoked Refuse "The person changed the password or took the consent back.";
    43001 GetRequired Alarm "The interface takes GET only.";
    43002 PostRequired Alarm "The interface takes POST only.";
    43003 HttpsRequired Alarm "The interface takes HTTPS only.";
    43004 NotFollowing Refuse "The person does not follow the account.";
    43005 NotFriends Refuse "The person is no friend.";
    43019 Blocked Refuse "The person is on the account's block list.";
    43100 IndustryTooOften Refuse "The industries were changed this month already.";
    43101 ConsentMissing Refuse "The person did not accept this subscription notice.";
    43116 TemplateNotAllowed Alarm "The template is not allowed for this account.";
    44001 EmptyMedia Refuse "The file is empty.";
    44002 EmptyBody Alarm "The request body is empty.";
    44003 EmptyArticles Refuse "There is no article.";
    44004 EmptyText Refuse "The text is empty.";
    45001 MediaTooLarge Refuse "The file is too large.";
    45002 TooLong Refuse "The contents are too long.";
    45003 TitleTooLong Refuse "The title is too long.";
    45004 DescriptionTooLong Refuse "The description is too long.";
    45005 LinkTooLong Refuse "A link is too long.";
    45006 PictureLinkTooLong Refuse "A picture's link is too long.";
    45007 VoiceTooLong Refuse "The voice lasts too long.";
    45008 TooManyArticles Refuse "There are too many articles.";
    45009 DailyQuota Alarm "The day's quota of this interface is used up.";
    45010 TooManyMenus Refuse "There are too many menus.";
    45011 MinuteQuota Retry "Too many calls in this minute.";
    45015 WindowClosed Refuse "The time in which customer-service messages are allowed is over.";
    45016 SystemGroup Refuse "WeChat's own group cannot be changed.";
    45017 GroupNameTooLong Refuse "The group name is too long.";
    45018 TooManyGroups Refuse "There are too many groups.";
    45026 TooManyTemplates Refuse "There are 25 templates already.";
    45027 TemplateOfOtherIndustry Refuse "The template belongs to another industry.";
    45028 MassQuota Refuse "No mass message is left for this day or month.";
    45047 CountUsedUp Refuse "The number of customer-service messages is used up.";
    45056 TooManyTags Refuse "There are 100 tags already.";
    45057 TagTooLarge Refuse "A tag that more than 100 000 people bear cannot be deleted.";
    45058 SystemTag Refuse "WeChat's own tags cannot be changed.";
    45059 TooManyTagsOfPerson Refuse "The person bears 20 tags already.";
    45065 MassMessageRepeated Refuse "A mass message with this clientmsgid was sent already.";
    45066 MassMessageTooFast Retry "The same clientmsgid again within a minute.";
    45067 ClientMessageIdTooLong Refuse "The clientmsgid is too long.";
    45072 InvalidTypingCommand Refuse "The command about typing is wrong.";
    45080 NoRecentMessage Refuse "Typing can be shown only within 30 seconds after a message.";
    45081 TypingShown Refuse "Typing is shown already.";
    45083 InvalidSpeed Refuse "The speed is not 0 to 4.";
    45084 MissingSpeed Refuse "No speed was sent.";
    45103 InterfaceEnded Alarm "The interface has ended.";
    45157 TagExists Refuse "The tag's name is wrong or exists already.";
    45158 TagNameTooLong Refuse "The tag's name is too long.";
    45159 InvalidTag Refuse "There is no such tag.";
    46001 NoMedia Refuse "There are no such media.";
    46002 NoMenuVersion Refuse "There is no such version of the menu.";
    46003 NoMenuData Refuse "There is no menu.";
    46004 NoUser Refuse "There is no such person.";
    47001 BadJson Alarm "The request body cannot be parsed.";
    47003 BadTemplateField Refuse "A template field does not fit its rules.";
    48001 NoPermission Alarm "The account has no permission for this interface.";
    48002 MessagesRefused Refuse "The person turned the account's messages off.";
    48003 MassTermsNotAccepted Alarm "The account has not accepted the terms of mass sending.";
    48004 InterfaceBanned Alarm "The interface is banned for this account.";
    48005 MaterialInUse Refuse "A menu or an automatic reply uses the material.";
    48006 ClearQuotaUsedUp Alarm "Quotas were cleared ten times this month already.";
    48008 KindNotAllowed Alarm "The account may not send this kind of message.";
    49003 ForeignOpenid Refuse "An openid does not belong to this account.";
    50001 UnauthorizedInterface Refuse "The person did not grant this interface.";
    50002 UserLimited Refuse "The account or the person is limited.";
    50005 UserNotFollowing Refuse "The person does not follow the account (OAuth).";
    53503 DraftNotPassed Refuse "The draft does not pass the checks of publishing.";
    53504 DraftNeedsWebsite Refuse "The draft has to be looked at on WeChat's website.";
    53505 DraftNeedsSaving Refuse "The draft has to be saved on WeChat's website first.";
    53600 InvalidArticleId Refuse "There is no such article_id.";
    61004 IpNotRegistered Alarm "The calling address is not registered.";
    61007 PlatformNotAuthorized Alarm "The platform that calls was not authorised for this interface.";
    61450 KefuSystemError Retry "The customer-service interface failed.";
    61451 KefuInvalidParameter Refuse "A parameter of the customer-service interface is wrong.";
    61452 KefuInvalidAccount Refuse "The customer-service account is wrong.";
    61453 KefuAccountExists Refuse "The customer-service account exists already.";
    61454 KefuAccountTooLong Refuse "The customer-service account's name is too long.";
    61455 KefuAccountCharacter Refuse "The customer-service account's name holds a wrong character.";
    61456 KefuAccountTooMany Refuse "There are too many customer-service accounts.";
    61457 KefuPictureType Refuse "The picture of the customer-service account is of a wrong kind.";
    61458 KefuSessionTaken Refuse "Another agent has taken the person.";
    61459 KefuOffline Refuse "The agent is not there.";
    61500 BadDate Refuse "The date is wrong.";
    65301 NoMenu Refuse "No such conditional menu.";
    65302 NoMenuUser Refuse "There is no such person.";
    65303 NoDefaultMenu Alarm "A conditional menu needs a default menu first.";
    65304 EmptyMatchRule Refuse "The rule of a conditional menu is empty.";
    65305 TooManyConditionalMenus Alarm "There are too many conditional menus.";
    65306 NoConditionalMenus Alarm "The account may have no conditional menus.";
    65307 EmptyConditionalMenu Refuse "The conditional menu is empty.";
    65308 ButtonWithoutAction Refuse "A button does nothing.";
    65309 ConditionalMenusOff Alarm "Conditional menus are switched off.";
    65310 MissingCountry Refuse "The rule of a conditional menu lacks the country.";
    65311 MissingProvince Refuse "The rule of a conditional menu lacks the province.";
    65312 InvalidCountry Refuse "The country of a conditional menu is wrong.";
    65313 InvalidProvince Refuse "The province of a conditional menu is wrong.";
    65314 InvalidCity Refuse "The city of a conditional menu is wrong.";
    65316 TooManyMenuDomains Refuse "The menu leads to more than three foreign domains.";
    65317 InvalidMenuUrl Refuse "An address of the menu is wrong.";
    65320 PrivateMatchRule Alarm "Menus can no longer be matched by private attributes.";
    76001 NoSuchRid Refuse "There is no such rid.";
    76002 ForeignRid Refuse "The rid belongs to another account.";
    76003 InvalidPath Refuse "The path is wrong, or the rid is no longer kept.";
    76021 NoSuchPath Refuse "There is no such path.";
    76022 ForeignPath Refuse "The path is not this account's.";
    89503 CallNeedsAdministrator Alarm "The call waits for the administrator's consent.";
    89506 CallRefusedForDay Alarm "The administrator refused this address for 24 hours.";
    89507 CallRefusedForHour Alarm "The administrator refused this address for an hour.";
    200011 AccountBanned Alarm "The account is banned.";
    200012 TooManyNoticeTemplates Refuse "There are 25 notice templates already.";
    200013 NoticeTemplateBanned Refuse "The notice template is banned.";
    200014 InvalidNoticeTitle Refuse "There is no such title of notices.";
    200016 InvalidNoticeStart Refuse "The start of the list is wrong.";
    200017 InvalidNoticeLimit Refuse "The limit of the list is wrong.";
    200018 MissingNoticeCategories Refuse "No category was sent.";
    200019 InvalidNoticeCategories Refuse "A category is wrong.";
    200020 InvalidNoticeKeywords Refuse "The keywords are wrong.";
    200021 InvalidNoticeUse Refuse "What the notice is used for is wrong.";
    9410010 ShortDataMissing Refuse "No data for a short key were sent.";
    9410011 ShortDataTooLong Refuse "The data or the time of a short key break their rule.";
    9410012 ShortKeyGone Refuse "There is no such short key, or its time is over.";
}
