package org.springframework.ai.retry;

/** Stands in for the type of the same name in spring-ai-retry, which is known by its name alone. */
public final class TransientAiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TransientAiException(String message) {
        super(message);
    }
}
