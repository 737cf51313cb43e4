package dev.architect.provider.http;

import java.io.IOException;

/** A reply broke a limit or its format. The message is our own words and holds nothing of the reply. */
final class BadReplyException extends IOException {

    private static final long serialVersionUID = 1L;

    BadReplyException(String message) {
        super(message);
    }
}
