package org.springframework.ai.retry;

/** Stands in for the type of the same name in spring-ai-retry, which is known by its name alone. */
public final class NonTransientAiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public NonTransientAiException(String message) {
        super(message);
    }
}
