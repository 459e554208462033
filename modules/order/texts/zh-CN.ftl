# Why an order says no.
order-changed = 这张订单刚刚有变化，没有办成。请刷新后再看。
order-expired = 付款时间已经过了，这张订单不能再付。您没有被扣钱，可以重新预约。
order-already-paid = 这张订单已经付过款了，不用再付。
order-not-placed = 这张订单还没有付款，或者已经结束，不能取消。
order-not-covered = 这张订单的钱不够，不能恢复。
order-no-we-chat = 请在微信里打开本页，登录后付款。
# States.
order-state = 状态
order-state-open = 待付款
order-state-placed = 已付款
order-state-fulfilled = 已完成
order-state-cancelled = 已取消
order-state-closing = 正在核对
order-state-closed = 已关闭
order-sentence-open = 请在 { $until } 前付 { $amount }
order-sentence-placed = 已付 { $amount }，订单有效
order-sentence-fulfilled = 服务已完成
order-sentence-cancelled = 订单已取消，该退的钱原路退回
order-sentence-closing = 正在向微信核对有没有付款
order-sentence-closed = 没有按时付款，订单已关闭
order-sentence-withdrawn = 您没有付款就取消了，订单已关闭
# The pay page.
order-pay-title = 付款 { $amount }
order-pay-button = 去支付 { $amount }
order-pay-again = 再试一次
order-i-paid = 我已付款，看结果
order-no-sheet = 现在不能付款
order-policy = 开始前 { $hours } 小时可免费取消，之后取消收 { $percent }%。
order-withdraw = 不要了，取消订单
order-withdrawn = 已取消订单
order-title-asking = 正在核对付款
order-title-paid = 已付款
order-title-cancelled = 订单已取消
order-title-closed = 订单已关闭
order-asking = 正在向微信核对，请稍等
order-ask-again = 再查一次
order-back-to-pay = 还没付，回去付款
order-book-again = 重新预约
# Receipt and lists.
order-what = 订的是什么
order-money = 钱
order-service = 服务
order-shop = 门店
order-number = 订单号
order-opened = 下单时间
order-total = 总价
order-with-wechat = 微信支付
order-paid-at = 付款时间
order-kept = 取消收费
order-refund-waits = 店里已申请退 { $amount }，等另一个人批准
order-refund-running = 正在退 { $amount }，一般几分钟到账
order-refund-manual = 店里已另外退您 { $amount }
order-refund-rejected = { $amount } 的退款没有批准
order-refund-done = 已退 { $amount }，退到您的付款账户
order-refund-trouble = 退 { $amount } 遇到问题，中心正在处理
order-look = 查看
order-to-payment = 去付款
order-list-title = { $count ->
    [0] 没有订单
   *[other] 我的订单，{ $count } 张
}
order-list-answer = { $count ->
    [0] 没有要付的款
   *[other] { $count } 张待付款
}
order-list-back = 我的订单
order-list-empty = 您还没有下过单。
order-book = 去预约
order-console-title = { $count ->
    [0] 没有订单
   *[other] 最近 { $count } 张订单
}
order-console-answer = 今天付款 { $count } 张，共 { $amount }
order-console-caption = 最近的订单
order-console-empty = 还没有订单。
order-console-books = 看账目
# Tenders, the rest, receipts, goods, the desk.
order-too-much = 金额要大于 0，也不能超过还要付的钱。
order-no-amount = 请填写金额，例如 128 或 128.50。
order-not-reserved = 这笔钱已经算进订单，不能放开。
order-nothing-chosen = 请填写要买几件，每种最多 99 件。
order-not-offered = 有商品刚刚下架了，请重新选择。
order-not-goods = 这张订单里有预约的服务，不能在这里交货。
order-no-reason = 请写退款原因，最多 80 个字。
order-too-much-back = 不能退这么多：这一项没有这么多可退了。
order-bad-share = 请填写 1 到 100 之间的整数。
order-sentence-rest = 已付 { $amount }，还要付 { $rest }
order-due-now = 现在付
order-due-later = 到店付
order-rest = 还要付
order-with-cash = 现金
order-with-value = 储值
order-with-points = 积分抵扣
order-with-coupon = 礼品券
order-dropped = 已取消
order-return-due = 请到店里领取退还的现金 { $amount }
order-return-done = 已在店里退还现金 { $amount }
order-return-value = 已退 { $amount } 到您的储值账户
order-return-points = 抵了 { $amount } 的积分已经退给您
order-return-coupon-used = 礼品券已经用了，其中抵的 { $amount } 不退
order-return-coupon = 抵了 { $amount } 的礼品券已经退给您，可以再用
order-pay-rest = 付余款
order-receipt = 收据
order-receipt-title = 收据 { $number }
order-receipt-answer = 实付 { $amount }
order-receipt-lines = 明细
order-receipt-caption = 收据明细
order-receipt-line = 项目
order-receipt-amount = 金额
order-receipt-net = 实付
order-receipt-back = 订单
order-receipt-no-invoice = 这是收据，不是发票。要发票请向门店索取。
order-receipt-item = { $what } { $amount }
order-receipt-stop = ，
order-receipt-spoken = { $shop }，{ $at }。{ $lines }，总价 { $total }。付款：{ $tenders }。退款 { $back }，实付 { $net }。
order-goods-title = { $shop }的商品
order-goods-answer = { $count } 种商品，付款后到前台领取
order-goods-none = 这家店还没有商品。
order-goods-pieces = { $name }，{ $price } 一件，要几件
order-goods-buy = 去付款
order-desk-title = { $count ->
    [0] 没有待办的款项
   *[other] { $count } 件款项待办
}
order-desk-answer = 待收 { $rests }，待退 { $returns }，待交货 { $goods }
order-desk-home = 工作台
order-desk-orders = 款项
order-desk-none = 没有要收、要退、要交货的订单。
order-desk-returns = 要退的现金
order-desk-rests = 要收的余款
order-desk-goods = 要交的货
order-desk-open = 还没有付款
order-desk-one-title = { $what } { $state }
order-hand-over = 现金已退
order-handed-over-said = 已退还现金 { $amount }
order-hand-out = 已交货
order-handed-out-said = { $title }已交货
order-take-cash = 收现金
order-cash-title = 收现金 { $title } { $number }
order-cash-answer = 还要收 { $amount }
order-cash-amount = 收到的现金，元（必填）
order-cash-hint = 可以只收一部分，其余用微信付
order-cash-taken = 已收现金
order-cash-said = 已收现金 { $amount }
order-refund-lines = 部分退款
order-refund-line = 退款
order-refund-title = 退款，最多 { $amount }
order-refund-answer = { $what }，原路退回
order-refund-amount = 退多少元（必填）
order-refund-reason = 原因（必填）
order-refund-seen = 顾客和中心都能看到原因。同一订单退款超过 500 元，或您今天第 4 次起，要另一个人批准。
order-refund-said = 已退款 { $amount }
order-refund-waits-said = 退款 { $amount } 已申请，等另一个人批准
order-state-booked = 已下单
order-title-booked = 已下单
order-more-to-say = 这些商品还有几项要填，请填好再付款。
order-desk-payments = 微信收款
order-desk-refunds = 退款审批
