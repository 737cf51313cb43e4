package dev.architect.server.gateway.dialect;

/**
 * A call broke after a part of its answer was delivered, and the next one began a different answer: a client of the gateway cannot take
 * text back.
 */
final class BrokenAnswerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BrokenAnswerException() {
        super("the answer broke off, and no other model continued it", null, false, false);
    }
}
