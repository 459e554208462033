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
payment-refund-own = 退款要另一个人批准，申请的人不能自己批。
payment-refund-not-waiting = 这笔退款已经有人处理过了。
payment-refund-not-stuck = 这笔退款没有卡住，不用另外处理。
payment-no-amount = 请写退多少钱，例如 50 或 50.5。
payment-no-reason = 请写为什么退，顾客会看到。
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
# What the shop was paid, and giving it back.
payment-day-title = { $day }微信收了 { $amount }，{ $count } 笔
payment-day-answer = 微信的钱里已退 { $amount }。
payment-day-cash = { $given ->
    [yes] 现金收了 { $amount }，退了 { $back }
   *[no] 现金收了 { $amount }
}
payment-day-empty = 这一天没有微信收款。
payment-day-before = 前一天
payment-day-back = 收款
payment-given-back = 已退 { $amount }
payment-waiting-link = { $count ->
    [0] 没有等批准的退款
   *[other] { $count } 笔退款等批准
}
payment-one-title = 收款 { $amount }
payment-one-answer = 还可以退 { $amount }
payment-what = 项目
payment-paid-at = 付款时间
payment-refunds = 退款
payment-at-order = 看订单，要退款也在那里
payment-refund-waits = { $at }申请退 { $amount }，等另一个人批准。原因：{ $why }
payment-refund-planned = { $at }申请退 { $amount }，马上提交给微信。原因：{ $why }
payment-refund-rejected = { $at }申请退 { $amount }，没有批准。原因：{ $why }
payment-refund-running = { $at }申请退 { $amount }，微信正在退。原因：{ $why }
payment-refund-arrived = { $at }申请退 { $amount }，已到账。原因：{ $why }
payment-refund-at-bank = { $at }申请退 { $amount }，卡在顾客的银行，请店主处理。原因：{ $why }
payment-refund-not-done = { $at }申请退 { $amount }，没有退成。原因：{ $why }
payment-refund-by-hand = { $at }申请退 { $amount }，店里已另外付给顾客。原因：{ $why }
payment-waiting-title = { $count ->
    [0] 没有等批准的退款
   *[other] { $count } 笔退款等批准
}
payment-waiting-none = 没有要批准的退款
payment-waiting-later = 员工申请的、要两个人同意的退款会出现在这里
payment-waiting-answer = 请逐笔批准或不批准
payment-waiting-one = { $at }申请：{ $what }，付了 { $whole }，退 { $amount }。原因：{ $why }
payment-waiting-own = 这是您申请的，要另一个人批准。
payment-approve = 批准退款
payment-approved = 已批准，退款马上提交
payment-reject-why = 不批准{ $what }的原因（必填）
payment-reject = 不批准
payment-rejected = 没有批准，钱没有退
payment-approvals-link = 等批准的退款
# Stuck refunds.
payment-redirect-hint = 顾客的银行收不了这笔退款。可以退到店里的账户，再由店里付给顾客。
payment-redirect = 退到店里的账户
payment-redirected = 微信正在退到店里的账户，请另外付给顾客
payment-settle-how = 怎么把 { $amount } 付给顾客的（必填）
payment-settle = 记为已另外付清
payment-settled-by-hand = 已记下，这笔退款办完了
# WeChat's bill.
payment-source-bill = 微信的账单
payment-bills-link = 微信账单核对
payment-bills-title = { $count ->
    [0] 微信账单都对上了
   *[other] 微信账单有 { $count } 处对不上
}
payment-bills-sound = 账单和我们的账一样
payment-bills-open = 有对不上的，请逐笔查
payment-bills-empty = 还没有读过账单。每天上午十点后读前一天的。
payment-bills-back = 微信账单核对
payment-bill-title = { $count ->
    [0] { $day }的账单对上了
   *[other] { $day }的账单有 { $count } 处对不上
}
payment-bill-differs = { $count } 处对不上
payment-bill-closed = 已对平
payment-bill-not-closed = 还没对平
payment-bill-sums = { $count } 笔，收款 { $paid }，退款 { $refunded }，手续费 { $fee }
payment-bill-same = 每一笔都对得上。
payment-bill-again = 重新读账单
payment-bill-soon = 正在重新读账单，请过一会儿刷新
payment-difference-explained = 已说明
payment-difference-gone = 后来对上了
payment-difference-amounts = 我们的账：{ $ours }；微信账单：{ $theirs }
payment-nothing = 没有
payment-why = 为什么不一样（必填）
payment-why-hint = 例如：微信客服确认账单晚一天
payment-why-save = 保存说明
payment-why-saved = 已记下说明
payment-differs-payment-unknown = 我们没有的付款
payment-differs-payment-unknown-help = 微信收了这笔款，我们没有这个单号。请到微信商户平台查是谁收的。
payment-differs-payment-unbilled = 账单没有的付款
payment-differs-payment-unbilled-help = 我们记了这笔款，账单没有。请先重新读账单，还没有就到微信商户平台查。
payment-differs-amount = 付款金额不一样
payment-differs-amount-help = 请到微信商户平台查实际付了多少。
payment-differs-currency = 币种不对
payment-differs-currency-help = 只收人民币，请到微信商户平台查。
payment-differs-merchant = 收款的商户不对
payment-differs-merchant-help = 这笔款付给了别的商户号或公众号，请到微信商户平台查。
payment-differs-state = 付款状态不一样
payment-differs-state-help = 账单和我们的状态不同，请看待查的款。
payment-differs-transaction = 微信单号不一样
payment-differs-transaction-help = 同一个商户单号有两个微信单号，可能付了两次，请查。
payment-differs-duplicate = 账单里重复
payment-differs-duplicate-help = 同一笔在账单里不止一次，请重新读账单。
payment-differs-refund-unknown = 我们没有的退款
payment-differs-refund-unknown-help = 可能有人在微信商户平台上退的，请查是谁退的。
payment-differs-refund-unbilled = 账单没有的退款
payment-differs-refund-unbilled-help = 我们提交了这笔退款，账单没有。请重新读账单，再到微信商户平台查。
payment-differs-refund-amount = 退款金额不一样
payment-differs-refund-amount-help = 请到微信商户平台查实际退了多少。
payment-differs-refund-state = 退款状态不一样
payment-differs-refund-state-help = 请到微信商户平台查这笔退款到没到账。
payment-differs-fee = 手续费不对
payment-differs-fee-help = 手续费不是金额乘费率，请查签约的费率。
payment-differs-books = 总账金额不一样
payment-differs-books-help = 总账记的和实际付的不同，请看总账检查的结果。
payment-differs-total = 账单合计不对
payment-differs-total-help = 账单每行加起来不等于合计，请重新读账单。
payment-differs-flow = 资金流水没有对应的交易
payment-differs-flow-help = 账户里动了钱，账单里没有这笔交易，请到微信商户平台查。
