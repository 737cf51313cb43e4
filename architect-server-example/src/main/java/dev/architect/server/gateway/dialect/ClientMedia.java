package dev.architect.server.gateway.dialect;

import dev.architect.chat.Media;
import java.net.URI;
import java.util.Locale;

/** Reads images and documents that stand in a request as a link or as a data URL (RFC 2397). */
public final class ClientMedia {

    private static final String DATA = "data:";
    private static final String BASE64 = ";base64";

    private ClientMedia() {}

    /** Returns what {@code url}, the text of a field, holds or leads to. */
    public static Media at(ClientFields fields, String field, String url) {
        if (!url.regionMatches(true, 0, DATA, 0, DATA.length())) {
            return fields.checked(field, () -> Media.at(URI.create(url)));
        }
        int comma = url.indexOf(',');
        String head = comma < 0 ? "" : url.substring(DATA.length(), comma).toLowerCase(Locale.ROOT);
        if (!head.endsWith(BASE64)) {
            throw fields.invalid(
                    field, fields.path(field) + " is a data URL without base64, expected data:<type>;base64,<bytes>");
        }
        int end = head.indexOf(';');
        return fields.checked(field, () -> new Media.Inline(head.substring(0, end), url.substring(comma + 1)));
    }
}
