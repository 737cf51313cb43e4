package dev.architect.server.rest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * A place in a list, as a text that clients hand back as it is. It belongs to one filter and order, since in others the place would leave things out.
 *
 * @param isBackward whether the page before the place is meant, and not the one after it
 * @param place what the list is ordered by, at the thing that the page begins next to
 */
public record PageCursor(boolean isBackward, String place) {

    /** The parameter with the cursor of a page. */
    public static final String CURSOR = "cursor";

    private static final String FORWARD = "n";
    private static final String BACKWARD = "p";
    private static final int HASH_BYTES = 9;
    private static final int HASH_CHARACTERS = 12;
    private static final int BEGIN = 1 + HASH_CHARACTERS;
    private static final int MOST_CHARACTERS = 1_000;

    /** Returns the text for clients; {@code asked} is the filter and the order. */
    public String text(String asked) {
        return base64(((isBackward ? BACKWARD : FORWARD) + hash(asked) + place).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads what {@link #text} has written.
     *
     * @throws ApiException 400: {@code cursor-mismatch} when it was written for another filter
     */
    public static PageCursor parse(String parameter, String text, String asked) {
        String decoded = decode(text);
        boolean isBackward = decoded.startsWith(BACKWARD);
        if (decoded.length() <= BEGIN || (!isBackward && !decoded.startsWith(FORWARD))) {
            throw QueryParameters.invalid(parameter, text, "next or previous of a page");
        }
        if (!decoded.substring(1, BEGIN).equals(hash(asked))) {
            throw new ApiException(
                    400,
                    "cursor-mismatch",
                    parameter
                            + " belongs to a list with another filter, expected the parameters of the page that it is from",
                    parameter,
                    ApiException.Place.PARAMETER,
                    null);
        }
        return new PageCursor(isBackward, decoded.substring(BEGIN));
    }

    private static String decode(String text) {
        try {
            return text.length() > MOST_CHARACTERS
                    ? ""
                    : new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notOne) {
            return "";
        }
    }

    private static String hash(String asked) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(asked.getBytes(StandardCharsets.UTF_8));
            return base64(Arrays.copyOf(digest, HASH_BYTES));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("SHA-256 is missing, expected in every Java", missing);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
