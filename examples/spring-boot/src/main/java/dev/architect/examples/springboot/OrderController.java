package dev.architect.examples.springboot;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Takes orders over HTTP. */
@RestController
class OrderController {

    private final OrderService orders;

    OrderController(OrderService orders) {
        this.orders = orders;
    }

    record Order(String item, int amount) {}

    @PostMapping("/orders")
    @ResponseStatus(HttpStatus.ACCEPTED)
    AskController.Accepted place(@RequestBody Order order) {
        return new AskController.Accepted(
                orders.place(order.item(), order.amount()).toString());
    }
}
