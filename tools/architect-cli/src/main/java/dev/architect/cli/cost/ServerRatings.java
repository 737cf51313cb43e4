package dev.architect.cli.cost;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.Map;

/** Ratings that a running server works out in the background. */
final class ServerRatings {

    private static final Duration LOOK_INTERVAL = Duration.ofMillis(200);
    private static final Duration TELL_INTERVAL = Duration.ofSeconds(5);

    private final ServerReports server;
    private final TimeSource time;

    ServerRatings(ServerReports server, TimeSource time) {
        this.server = server;
        this.time = time;
    }

    /** Has the server accept a rating, and returns its id. */
    String accept(Map<String, String> parameters, ObjectNode wanted) {
        return server.post(ServerReports.RATING, parameters, wanted).path("id").asText();
    }

    /** Returns a rating as it stands. */
    JsonNode find(String id) {
        return server.get(ServerReports.RATING + "/" + ServerReports.segment(id), Map.of());
    }

    /**
     * Waits until a rating has ended, and tells now and then how far it is.
     *
     * @throws CommandFailure when it has not after so long
     */
    JsonNode awaitEnd(String id, Duration timeout, Terminal terminal) {
        long begin = time.nanoTime();
        long told = begin;
        JsonNode rating = find(id);
        while (!isEnded(rating)) {
            long now = time.nanoTime();
            if (now - begin >= timeout.toNanos()) {
                throw new CommandFailure(
                        "rating " + id + " is " + rating.path("state").asText() + " after "
                                + timeout.toSeconds() + " s, expected its end: it goes on, 'gaia cost ratings " + id
                                + "' prints it, and --timeout waits longer");
            }
            if (now - told >= TELL_INTERVAL.toNanos()) {
                told = now;
                terminal.err().println(progress(rating));
            }
            try {
                time.sleep(LOOK_INTERVAL);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new CommandFailure("the wait for rating " + id + " was interrupted", stop);
            }
            rating = find(id);
        }
        return rating;
    }

    static boolean isEnded(JsonNode rating) {
        return rating.hasNonNull("endedAt");
    }

    static String progress(JsonNode rating) {
        return "rating " + rating.path("id").asText() + " is "
                + rating.path("state").asText() + ": " + rating.path("done").asLong() + " of "
                + rating.path("total").asLong() + " calls";
    }

    /**
     * Prints the report of a rating, as far as it has come.
     *
     * @return the exit code: 0 when it is whole, else 1
     */
    static int print(JsonNode rating, Terminal terminal, boolean isJson) {
        if (rating.hasNonNull("failure")) {
            throw new CommandFailure("rating " + rating.path("id").asText() + " has failed: "
                    + rating.get("failure").asText());
        }
        if (rating.hasNonNull("report")) {
            JsonNode report = rating.get("report");
            RatedText.print(terminal.out(), report.path("by").asText(), ServerReports.rated(report), isJson);
        }
        if (rating.path("state").asText().equals("done")) {
            return 0;
        }
        terminal.err().println(progress(rating));
        return 1;
    }
}
