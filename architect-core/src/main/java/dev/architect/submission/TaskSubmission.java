package dev.architect.submission;

import dev.architect.check.Check;
import dev.architect.task.TaskRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A task to accept.
 *
 * @param request what to do
 * @param key makes a repetition of the submission accept no second task; empty for one that is always new
 */
public record TaskSubmission(TaskRequest request, Optional<IdempotencyKey> key) {

    /** Checks every field. */
    public TaskSubmission {
        Check.notNull("request", request);
        Check.notNull("key", key);
    }

    /** Returns a submission with a key. */
    public static TaskSubmission of(TaskRequest request, IdempotencyKey key) {
        return new TaskSubmission(request, Optional.of(Check.notNull("key", key)));
    }

    /** Returns a submission that is always new. */
    public static TaskSubmission of(TaskRequest request) {
        return new TaskSubmission(request, Optional.empty());
    }

    /**
     * Returns the SHA-256 digest of the whole request, as 64 hexadecimal digits: two requests have the same one when all their fields
     * are equal. Stores keep it with the key.
     */
    public String requestHash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("SHA-256 is missing, expected in every Java platform", missing);
        }
    }

    /** Every field with its length before it, so that no two requests have the same text. Never changed: stores keep the digest. */
    private String text() {
        StringBuilder text = new StringBuilder();
        write(text, request.type());
        write(text, request.payload());
        write(text, request.attributes());
        write(text, Integer.toString(request.priority().level()));
        write(text, request.attribution().project().name());
        write(text, Boolean.toString(request.attribution().user().isPresent()));
        write(text, request.attribution().user().orElse(""));
        write(text, request.attribution().tags());
        write(text, request.timeout().toString());
        write(text, Integer.toString(request.maxAttempts()));
        write(text, request.delay().toString());
        if (!request.options().isDefault()) {
            write(text, request.options().text());
        }
        return text.toString();
    }

    private static void write(StringBuilder to, Map<String, String> texts) {
        to.append(texts.size()).append(';');
        new TreeMap<>(texts).forEach((name, value) -> {
            write(to, name);
            write(to, value);
        });
    }

    private static void write(StringBuilder to, String text) {
        to.append(text.length()).append(':').append(text);
    }
}
