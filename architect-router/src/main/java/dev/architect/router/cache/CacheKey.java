package dev.architect.router.cache;

import dev.architect.chat.ChatRequest;
import dev.architect.project.Attribution;
import dev.architect.prompt.ChatRequestCodec;
import dev.architect.router.policy.CacheSettings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Stands for everything that an answer depends on: the whole request, the version of the policy, and who shares answers. It is a hash, so
 * that no prompt is kept.
 *
 * @param scope the version of the policy and who shares the answer
 * @param hash SHA-256 over the scope and the request, in hexadecimal
 */
public record CacheKey(String scope, String hash) {

    /** Returns the key of a request. */
    public static CacheKey of(
            ChatRequest request, Attribution attribution, CacheSettings settings, String policyVersion) {
        String scope = policyVersion + scope(attribution, settings.scope());
        MessageDigest digest = sha256();
        add(digest, scope);
        add(digest, ChatRequestCodec.write(request));
        // The JSON form has schemas as JSON where they are such, and as text where they are not: here they are told
        // apart.
        request.generation().outputSchema().ifPresent(schema -> add(digest, schema.schema()));
        request.toolset().tools().forEach(tool -> add(digest, tool.inputSchema()));
        return new CacheKey(scope, HexFormat.of().formatHex(digest.digest()));
    }

    private static String scope(Attribution attribution, CacheSettings.Scope scope) {
        return switch (scope) {
            case NONE -> "";
            case PROJECT -> "/project/" + attribution.project().name();
            case USER ->
                "/project/" + attribution.project().name()
                        + attribution.user().map(user -> "/user/" + user).orElse("");
        };
    }

    /** Returns a short name for what a text says, the same in every process. */
    public static String version(String text) {
        MessageDigest digest = sha256();
        add(digest, text);
        return HexFormat.of().formatHex(digest.digest(), 0, Long.BYTES);
    }

    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // With its length, so that no two sequences of texts are the same bytes.
        digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", missing);
        }
    }
}
