package dev.architect.provider.http;

import dev.architect.provider.http.reading.Exchange;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.UsageSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one streamed answer that are no JSON, and were passed over. A broken part of the answer would leave a gap in a text
 * that looks complete, so an event that may have been one needs a proof at the end: that as many parts have come as the provider
 * has counted tokens. Used by one thread.
 */
final class SkippedEvents {

    private static final Logger LOG = LoggerFactory.getLogger(SkippedEvents.class);

    /** A stream with more is noise and no answer. */
    private static final int MOST = 10;

    /** Any object may begin with two characters that others begin with: a brace and a quote. */
    private static final int COMMON_BEGINNING = 2;

    private static final Pattern NAME = Pattern.compile("[A-Za-z_]{2,}");

    private final Exchange exchange;
    private String lastRead = "";
    private long characters;
    private long contentEvents;
    private int skipped;
    private boolean needsCount;
    private boolean needsEachToken;

    SkippedEvents(Exchange exchange) {
        this.exchange = exchange;
    }

    /** Counts an event that was read. */
    void read(StreamEvent event) {
        lastRead = event.data();
        long received = exchange.receivedCharacters();
        if (received > characters) {
            contentEvents++;
            characters = received;
        }
    }

    /** Passes over an event that is no JSON; false when the answer cannot go on after it. */
    boolean skip(StreamEvent event, StreamReader.Progress before) {
        boolean isObject = mayBeOfAnObject(event.data());
        // After the reason of the end no part of the answer comes any more.
        boolean mayBePart = before == StreamReader.Progress.OPEN && isObject && resembles(event.data());
        if (skipped == MOST || event.name().equals("error")) {
            return false;
        }
        skipped++;
        needsCount |= before == StreamReader.Progress.OPEN && isObject;
        needsEachToken |= mayBePart;
        return true;
    }

    /**
     * Returns {@code answer} with the number of its skipped events.
     *
     * @throws dev.architect.model.ProviderException of kind {@code PROTOCOL} when a part may be missing: the provider has counted
     *     none, or as many tokens more than parts came as events were skipped; or a part may have been skipped, and the two are not equal
     */
    ProviderAnswer reportedIn(ProviderAnswer answer) {
        if (skipped == 0) {
            return answer;
        }
        long counted =
                answer.usageSource() == UsageSource.REPORTED ? answer.usage().completionTokens() : 0;
        // A part has a token or more. When there are as many as tokens, each has one, and none is missing.
        boolean isUnproven = (needsCount && counted == 0) || (needsEachToken && contentEvents != counted);
        // Each part of an answer has a token or more, so as many missing tokens are the parts that were skipped.
        if (isUnproven || (contentEvents < counted && counted <= contentEvents + skipped)) {
            throw exchange.protocolFailure("a part of the answer may be missing; events that are not JSON: " + skipped);
        }
        LOG.warn("answer of {} is complete without its events that are not JSON: {}", exchange.model(), skipped);
        return answer.withSkippedEvents(skipped);
    }

    /** Without these no text is an object or a broken-off end of one; the pieces of a broken one are never all without. */
    private static boolean mayBeOfAnObject(String data) {
        return data.indexOf('{') >= 0 || data.indexOf('}') >= 0 || data.indexOf('"') >= 0;
    }

    /** Whether it begins as the event before it, or has a name that is a name or a value there. */
    private boolean resembles(String data) {
        String text = data.strip();
        if (lastRead.isEmpty() || lastRead.startsWith(text)) {
            return true;
        }
        if (lastRead.startsWith(text.substring(0, Math.min(text.length(), COMMON_BEGINNING + 1)))) {
            return true;
        }
        Matcher names = NAME.matcher(text);
        while (names.find()) {
            if (lastRead.contains('"' + names.group() + '"')) {
                return true;
            }
        }
        return false;
    }
}
