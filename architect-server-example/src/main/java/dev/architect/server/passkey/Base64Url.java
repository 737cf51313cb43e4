package dev.architect.server.passkey;

import dev.architect.server.rest.BodyFields;
import java.util.Base64;
import java.util.Optional;

/** Bytes as browsers write them in JSON: base64url without padding. */
final class Base64Url {

    private Base64Url() {}

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static byte[] decode(String text) {
        return Base64.getUrlDecoder().decode(text);
    }

    /** Returns the bytes of a field that must be there, of 1 to {@code most} characters. */
    static byte[] required(BodyFields fields, String name, int most) {
        return bytes(fields, name, fields.requiredText(name), most);
    }

    /** The same of a field that may be absent. */
    static Optional<byte[]> optional(BodyFields fields, String name, int most) {
        return fields.text(name).map(text -> bytes(fields, name, text, most));
    }

    private static byte[] bytes(BodyFields fields, String name, String text, int most) {
        if (text.isEmpty() || text.length() > most) {
            throw fields.invalid(name, name + " has " + text.length() + " characters, expected 1.." + most);
        }
        try {
            byte[] bytes = decode(text);
            if (encode(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException notBase64) {
            // Refused below, as what could be written in another way.
        }
        throw fields.invalid(name, name + " is not base64url without padding, expected bytes in that form");
    }
}
