# Why a payment or a refund says no.
payment-changed = 这笔款刚刚有变化，没有办成。请刷新后再看。
payment-ended = 付款时间已经过了，这笔款不能再付。您没有被扣钱，可以重新预约。
payment-already-paid = 这笔款已经付过了，不用再付。
payment-unavailable = 微信支付暂时没有回应。您还没有付款，请稍等一会儿再试。
payment-declined = 微信支付没有接受这笔款。您没有被扣钱，请再试一次，或给店里打电话。
payment-no-payee = 这家店还不能用微信收款，请给店里打电话。
payment-refund-too-much = 退的钱超过了付的钱，没有办成。
payment-refund-too-late = 付款已经超过一年，微信不能原路退回，请用别的办法退。
payment-refund-in-parts = 这笔款已经分 50 次退过，微信不能再退。
payment-refund-not-failed = 这笔退款没有失败，或者已经重新退过，没有再退。
payment-looked-at = 已经有人处理过这一笔了。
payment-no-note = 请写下您怎么处理的。
# The centre's pages.
payment-quarantine-title = { $count ->
    [0] 没有待查的款
   *[other] { $count } 笔款待查
}
payment-quarantine-none = 没有要查的款
payment-quarantine-some = 这些钱对不上，请逐笔查
payment-quarantine-empty = 没有对不上的款。
payment-quarantine-back = 待查的款
payment-refunds-link = 没退成的款
payment-to-look = 待查
payment-looked = 已处理
payment-suspect-answer = 这笔钱没有记到任何订单上
payment-amount = 金额
payment-number = 商户订单号
payment-transaction = 微信单号
payment-source = 从哪里知道的
payment-source-notice = 微信的通知
payment-source-query = 我们去查的
payment-found = 发现时间
payment-body = 微信的原话
payment-note = 怎么处理的（必填）
payment-note-hint = 例如：已在微信商户平台原路退回
payment-note-save = 处理完毕
payment-note-saved = 已记下处理结果
payment-doubt-number = 单号不是我们的
payment-doubt-amount = 金额不对
payment-doubt-currency = 币种不对
payment-doubt-merchant = 服务商不对
payment-doubt-sub-merchant = 收款的店不对
payment-doubt-app = 公众号不对
payment-doubt-payer = 付款的人不对
payment-doubt-transaction = 微信单号不对
payment-doubt-refund = 退款超过付款
payment-refunds-title = { $count ->
    [0] 没有没退成的款
   *[other] { $count } 笔款没退成
}
payment-refunds-answer = 没退成的，查明原因再退
payment-refunds-empty = 退款都退成了。
payment-refund-failed = 退款 { $number }，{ $amount }，没有退成。微信说：{ $why }。
payment-refund-stuck = 退款 { $number }，{ $amount }，卡在顾客的银行，请到微信商户平台处理。微信说：{ $why }。
payment-refund-again = 再退一次
payment-refund-repeated = 已重新退款，请过几分钟看结果
