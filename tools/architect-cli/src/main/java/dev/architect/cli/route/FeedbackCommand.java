package dev.architect.cli.route;

import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.record.Feedback;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gaia route feedback}. */
@Command(
        name = "feedback",
        description =
                "Keeps whether the answer to a request was good enough, or how good it was; the last word counts.")
final class FeedbackCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final ExistingData data = new ExistingData();

    @Parameters(index = "0", paramLabel = "REQUEST", description = "The id of the request, as in gaia route records.")
    @SuppressWarnings("NullAway.Init")
    private String request;

    @Parameters(index = "1", paramLabel = "VERDICT", description = "accepted, rejected, or a score from 0 to 1.")
    @SuppressWarnings("NullAway.Init")
    private String verdict;

    FeedbackCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Feedback feedback = feedback(TimeSource.system().wallTime());
        try (Store store = data.open()) {
            store.records().keep(List.of(feedback));
        }
        terminal.out().println("The answer to " + request + " is " + verdict + ".");
        return 0;
    }

    private Feedback feedback(Instant now) {
        try {
            return switch (verdict) {
                case "accepted" -> Feedback.accepted(request, now);
                case "rejected" -> Feedback.rejected(request, now);
                default -> Feedback.scored(request, score(), now);
            };
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailure(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private double score() {
        if (!verdict.matches("[0-9]{1,3}(\\.[0-9]{1,9})?")) {
            throw new CommandFailure("VERDICT is '" + verdict + "', expected accepted, rejected or 0.0..1.0");
        }
        return Double.parseDouble(verdict);
    }
}
