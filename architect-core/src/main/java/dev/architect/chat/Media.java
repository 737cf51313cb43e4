package dev.architect.chat;

import dev.architect.check.Check;
import java.net.URI;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The content of an image or document: its bytes, or where the provider finds them. {@code toString} shows type and size. */
public sealed interface Media {

    /** Returns a copy of {@code bytes} as media of that type, for example {@code image/png}. */
    static Media of(String mediaType, byte[] bytes) {
        return new Inline(mediaType, Base64.getEncoder().encodeToString(Check.notNull("bytes", bytes)));
    }

    /** Returns media that the provider fetches itself. */
    static Media at(URI url) {
        return new Link(url, Optional.empty());
    }

    /** The type, for example {@code application/pdf}; empty for a link without one. */
    Optional<String> type();

    /**
     * Bytes that travel with the request.
     *
     * @param mediaType the type, in lower case
     * @param base64 the bytes, in the basic alphabet with padding (RFC 4648, section 4)
     */
    record Inline(String mediaType, String base64) implements Media {

        private static final Pattern TYPE = Pattern.compile("[a-z]+/[a-z0-9.+-]+");
        private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]*={0,2}");

        /** Checks both. */
        public Inline {
            Check.notNull("mediaType", mediaType);
            Check.notNull("base64", base64);
            mediaType = mediaType.toLowerCase(Locale.ROOT);
            if (!TYPE.matcher(mediaType).matches()) {
                throw new IllegalArgumentException(
                        "mediaType is '" + mediaType + "', expected one such as image/png, without parameters");
            }
            if (base64.isEmpty()
                    || base64.length() % 4 != 0
                    || !BASE64.matcher(base64).matches()) {
                throw new IllegalArgumentException("base64 has " + base64.length()
                        + " characters that are not base64, expected 4, 8, 12 ... of it");
            }
        }

        @Override
        public Optional<String> type() {
            return Optional.of(mediaType);
        }

        @Override
        public String toString() {
            return "Inline[" + mediaType + ", " + base64.length() + " characters]";
        }
    }

    /**
     * A place that the provider reads.
     *
     * @param url an absolute URL
     * @param mediaType the type; empty leaves it to the provider
     */
    record Link(URI url, Optional<String> mediaType) implements Media {

        /** Checks that the URL is absolute. */
        public Link {
            if (!Check.notNull("url", url).isAbsolute()) {
                throw new IllegalArgumentException("url has no scheme, expected an absolute one");
            }
            Check.notNull("mediaType", mediaType).ifPresent(type -> Check.notBlank("mediaType", type));
        }

        @Override
        public Optional<String> type() {
            return mediaType;
        }

        /** Shows the scheme only: a signed link is a secret. */
        @Override
        public String toString() {
            return "Link[" + url.getScheme() + "]";
        }
    }
}
