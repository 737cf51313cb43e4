package dev.architect.examples.springboot;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ResponseStatus;

/** An order asks for more than there is. */
@ResponseStatus(HttpStatus.CONFLICT)
class OutOfStockException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OutOfStockException(String item) {
        super("there is not enough of " + item);
    }
}
