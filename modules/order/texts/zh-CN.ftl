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
