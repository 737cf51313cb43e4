package dev.architect.server.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;

/**
 * Rejects the values that JSON can state and no field can hold: numbers whose exponent stands for more digits than anybody
 * should write out, and halves of a surrogate pair, which are no characters and which UTF-8 cannot encode. A failure names the
 * field. Stateless.
 */
final class BodyValueCheck {

    /** The largest exponent, as for every JSON of a task. */
    static final int MAX_EXPONENT = 9_999;

    private BodyValueCheck() {}

    /** Returns when {@code tree}, whose depth is bounded, holds nothing of the kind. */
    static void check(JsonNode tree) {
        check(tree, "");
    }

    private static void check(JsonNode value, String path) {
        if (value instanceof ObjectNode object) {
            object.properties().forEach(field -> {
                String name = BodyFields.shorten(field.getKey());
                String inner = path.isEmpty() ? name : path + "." + name;
                if (hasLoneSurrogate(field.getKey())) {
                    throw ApiException.invalidValue(
                            path.isEmpty() ? "body" : path,
                            (path.isEmpty() ? "the body" : path)
                                    + " has a field whose name holds half of a surrogate pair, expected characters");
                }
                check(field.getValue(), inner);
            });
        } else if (value instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                check(list.get(i), path + "[" + i + "]");
            }
        } else if (value.isTextual() && hasLoneSurrogate(value.textValue())) {
            throw ApiException.invalidValue(path, path + " holds half of a surrogate pair, expected characters");
        } else if (value.isBigDecimal()) {
            checkExponent(value.decimalValue(), path);
        }
    }

    private static void checkExponent(BigDecimal number, String path) {
        // The scale alone is looked at: comparing or converting could write out the digits that it stands for.
        long exponent = (long) number.precision() - number.scale() - 1;
        if (exponent > MAX_EXPONENT || exponent < -MAX_EXPONENT) {
            throw ApiException.invalidValue(
                    path,
                    path + " is a number with the exponent " + exponent + ", expected -" + MAX_EXPONENT + ".."
                            + MAX_EXPONENT);
        }
    }

    private static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean isPair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!isPair) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }
}
