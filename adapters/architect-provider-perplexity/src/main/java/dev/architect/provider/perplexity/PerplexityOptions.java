package dev.architect.provider.perplexity;

import dev.architect.model.ProviderException;
import dev.architect.provider.http.MediaUrlWriter;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.spi.ProviderCall;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** The options that one request has for Perplexity. What cannot be sent is refused here, before anything is. */
final class PerplexityOptions {

    /** How Perplexity writes the dates of requests. */
    private static final DateTimeFormatter AMERICAN = DateTimeFormatter.ofPattern("MM/dd/uuuu");

    private final ProviderHttp http;
    private final ProviderCall call;
    private final Map<String, String> values;

    /** @param known the options that the wire format has */
    PerplexityOptions(ProviderHttp http, ProviderCall call, Set<String> known) {
        this.http = http;
        this.call = call;
        this.values = http.guard().options(call, known);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    Optional<String> text(String name) {
        Optional<String> value = Optional.ofNullable(values.get(name));
        if (value.filter(String::isBlank).isPresent()) {
            throw unsupportedOption(name, "some text");
        }
        return value;
    }

    Optional<String> matching(String name, Pattern form, String expected) {
        Optional<String> value = text(name);
        if (value.filter(text -> !form.matcher(text).matches()).isPresent()) {
            throw unsupportedOption(name, expected);
        }
        return value;
    }

    Optional<String> oneOf(String name, String... values) {
        Optional<String> value = text(name);
        if (value.filter(text -> !List.of(values).contains(text)).isPresent()) {
            throw unsupportedOption(name, "one of " + List.of(values));
        }
        return value;
    }

    boolean flag(String name) {
        return oneOf(name, "true", "false").filter("true"::equals).isPresent();
    }

    OptionalInt number(String name, int least, int most) {
        Optional<String> value = text(name);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        String text = value.get();
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw unsupportedOption(name, "a number of " + least + ".." + most);
        }
        return OptionalInt.of(Integer.parseInt(text));
    }

    /** A date such as {@code 2026-11-22}, in the vendor's form. */
    Optional<String> date(String name) {
        return text(name).map(text -> {
            try {
                return LocalDate.parse(text).format(AMERICAN);
            } catch (DateTimeException notADate) {
                throw unsupportedOption(name, "a date such as 2026-11-22");
            }
        });
    }

    /** The entries between commas. */
    List<String> list(String name) {
        List<String> entries = text(name)
                .map(text ->
                        Arrays.stream(text.split(",", -1)).map(String::strip).toList())
                .orElse(List.of());
        if (entries.contains("")) {
            throw unsupportedOption(name, "entries with a comma between them");
        }
        return entries;
    }

    ProviderException unsupportedOption(String name, String expected) {
        return http.unsupported(
                call,
                "option " + http.provider() + "." + name + " is '" + values.get(name) + "', expected " + expected);
    }

    /** Images as Perplexity takes them, inline or at an HTTPS address (docs.perplexity.ai, Image Attachments, archived 2026). */
    static MediaUrlWriter images(ProviderHttp http) {
        return new MediaUrlWriter(
                http, "image", Set.of("image/png", "image/jpeg", "image/webp", "image/gif"), Set.of("https"));
    }
}
