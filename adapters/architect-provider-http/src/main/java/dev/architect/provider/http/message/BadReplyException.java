package dev.architect.provider.http.message;

import java.io.IOException;

/** A reply broke a limit or its format. The message holds nothing of the reply. */
public final class BadReplyException extends IOException {

    private static final long serialVersionUID = 1L;

    public BadReplyException(String message) {
        super(message);
    }
}
