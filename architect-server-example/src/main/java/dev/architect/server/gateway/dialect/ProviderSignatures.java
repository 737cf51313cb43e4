package dev.architect.server.gateway.dialect;

import dev.architect.chat.Signature;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Proofs of reasoning on their way through a client, which has one text for them: the provider whose proof it is stands before it, so that
 * it goes back to that provider and to no other.
 */
public final class ProviderSignatures {

    private static final char AFTER_PROVIDER = '|';

    private ProviderSignatures() {}

    /** Returns the text that the client gets. */
    public static String write(Signature signature) {
        return signature.provider() + AFTER_PROVIDER + signature.value();
    }

    /** Reads what {@link #write} wrote; empty for what the client brings from elsewhere. */
    public static Optional<Signature> read(@Nullable String text) {
        int end = text == null ? -1 : text.indexOf(AFTER_PROVIDER);
        return text == null || end < 1 || end == text.length() - 1
                ? Optional.empty()
                : Optional.of(new Signature(text.substring(0, end), text.substring(end + 1)));
    }
}
