package dev.architect.cli.review;

import dev.architect.Architect;
import dev.architect.Reviews;
import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.json.JsonFields;
import dev.architect.planner.approval.ApprovalPolicy;
import dev.architect.planner.approval.path.LinkReader;
import dev.architect.planner.review.ActionContents;
import dev.architect.planner.review.ApprovalGate;
import dev.architect.planner.review.StoredApprovals;
import dev.architect.review.Review;
import dev.architect.review.ReviewChoice;
import dev.architect.review.ReviewDecision;
import dev.architect.review.ReviewQuery;
import dev.architect.review.ReviewState;
import dev.architect.review.ReviewStore;
import dev.architect.review.ReviewedAction;
import dev.architect.spi.TimeSource;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gaia review}: what waits for a decision, and the decisions. */
@Command(name = "review", description = "Shows what waits for a decision of a person, and decides.")
public final class ReviewCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private ReviewCommand() {}

    /** Returns the command with its subcommands. */
    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new ReviewCommand())
                .addSubcommand(new ListCommand(terminal))
                .addSubcommand(new ShowCommand(terminal))
                .addSubcommand(new ApproveCommand(terminal))
                .addSubcommand(new DenyCommand(terminal))
                .addSubcommand(new EditCommand(terminal))
                .addSubcommand(new AnswerCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    /** {@code gaia review list}. */
    @Command(name = "list", description = "Lists reviews, those that wait longest first.")
    static final class ListCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Option(
                names = "--state",
                paramLabel = "STATE",
                description = "Reviews in this state; open by default. May be given more than once.")
        private List<String> states = List.of("open");

        @Option(names = "--json", description = "Prints one JSON object a line.")
        private boolean json;

        ListCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            Set<ReviewState> wanted = states.stream().map(ListCommand::state).collect(Collectors.toSet());
            List<Review> reviews = data.operate(
                    architect -> architect.reviews().list(ReviewQuery.oldest(wanted, ReviewStore.MAX_PAGE)));
            if (json) {
                reviews.forEach(review -> terminal.out().println(ReviewText.json(review)));
            } else if (reviews.isEmpty()) {
                terminal.err().println("No review is " + String.join(" or ", states) + ".");
            } else {
                ReviewText.table(terminal, reviews);
            }
            return 0;
        }

        private static ReviewState state(String word) {
            return Arrays.stream(ReviewState.values())
                    .filter(each -> JsonFields.wordOf(each).equals(word))
                    .findFirst()
                    .orElseThrow(() -> new CommandFailure("state is '" + word + "', expected one of "
                            + Arrays.stream(ReviewState.values())
                                    .map(JsonFields::wordOf)
                                    .collect(Collectors.joining(", "))));
        }
    }

    /** Something about one review. */
    private abstract static class OneReview implements Callable<Integer> {

        final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Parameters(index = "0", paramLabel = "REVIEW", description = "The number of the review.")
        private long id;

        @Option(names = "--json", description = "Prints one JSON object.")
        private boolean json;

        OneReview(Terminal terminal) {
            this.terminal = terminal;
        }

        /** What is done with the review that was found. */
        abstract Review apply(Architect architect, Review review);

        @Override
        public Integer call() {
            data.operate(architect -> {
                Review review = apply(architect, architect.reviews().get(id));
                if (json) {
                    terminal.out().println(ReviewText.json(review));
                } else {
                    print(architect, review);
                }
                return review;
            });
            return 0;
        }

        void print(Architect architect, Review review) {
            terminal.out().println("review " + review.id() + " is " + JsonFields.wordOf(review.state()));
        }
    }

    /** {@code gaia review show}. */
    @Command(name = "show", description = "Shows a review: exactly what would be done, and why it is asked.")
    static final class ShowCommand extends OneReview {

        ShowCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        Review apply(Architect architect, Review review) {
            return review;
        }

        @Override
        void print(Architect architect, Review review) {
            ReviewText.whole(terminal, review, architect.reviews().comments(review.id()));
        }
    }

    /** A decision, which is for what {@code show} has shown. */
    private abstract static class Deciding extends OneReview {

        @Option(
                names = "--hash",
                paramLabel = "HASH",
                description = "The hash of what was shown; another action is refused then.")
        private @Nullable String sha256;

        @Option(
                names = "--as",
                paramLabel = "NAME",
                description = "Who decides; the user of this machine by default. Not who has asked.")
        private String actor = System.getProperty("user.name", "");

        @Option(
                names = "--policy",
                paramLabel = "FILE",
                description = "The rules that judge edited actions, as JSON; the standard ones by default.")
        private @Nullable Path policy;

        Deciding(Terminal terminal) {
            super(terminal);
        }

        abstract ReviewDecision decision(String hash, String name);

        @Override
        final Review apply(Architect architect, Review review) {
            Reviews reviews = architect.reviews();
            String folder = Path.of("").toAbsolutePath().toString();
            ApprovalPolicy rules = policy == null
                    ? ApprovalPolicy.standard(folder, System.getProperty("user.home", "/"))
                    : ApprovalPolicy.load(policy);
            LinkReader links = LinkReader.ofFileSystem();
            new ApprovalGate(
                    reviews,
                    new StoredApprovals(reviews, rules),
                    links,
                    ActionContents.ofFileSystem(),
                    TimeSource.system());
            String hash = sha256 == null ? review.request().action().sha256() : sha256;
            return reviews.decide(review.id(), decision(hash, actor));
        }
    }

    /** {@code gaia review approve}. */
    @Command(
            name = "approve",
            description = "Lets the action be done once; with --session or --rule those like it as well.")
    static final class ApproveCommand extends Deciding {

        @Option(names = "--session", description = "This action of this requester until its run ends.")
        private boolean isSession;

        @Option(names = "--rule", description = "Makes a rule that allows exactly this action.")
        private boolean isRule;

        ApproveCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        ReviewDecision decision(String hash, String name) {
            if (isSession && isRule) {
                throw new CommandFailure("--session and --rule are both there, expected one of them");
            }
            ReviewChoice choice = isSession ? ReviewChoice.SESSION : isRule ? ReviewChoice.RULE : ReviewChoice.ONCE;
            return ReviewDecision.of(choice, hash, name);
        }
    }

    /** {@code gaia review deny}. */
    @Command(name = "deny", description = "Refuses the action. The requester learns why.")
    static final class DenyCommand extends Deciding {

        @Parameters(index = "1", paramLabel = "REASON", description = "Why, for the requester.")
        @SuppressWarnings("NullAway.Init")
        private String reason;

        DenyCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        ReviewDecision decision(String hash, String name) {
            return ReviewDecision.deny(hash, name, reason);
        }
    }

    /** {@code gaia review edit}. */
    @Command(
            name = "edit",
            description =
                    "Approves another action in place of the one that was asked. It is judged by the rules again.")
    static final class EditCommand extends Deciding {

        @Parameters(
                index = "1",
                paramLabel = "JSON",
                description = "The action, such as {\"action\":\"exec\",\"argv\":[\"mvn\",\"test\"]}.")
        @SuppressWarnings("NullAway.Init")
        private String action;

        EditCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        ReviewDecision decision(String hash, String name) {
            return ReviewDecision.edit(hash, name, ReviewedAction.of(action));
        }
    }

    /** {@code gaia review answer}. */
    @Command(name = "answer", description = "Answers a question.")
    static final class AnswerCommand extends Deciding {

        @Parameters(index = "1", paramLabel = "TEXT", description = "The answer.")
        @SuppressWarnings("NullAway.Init")
        private String text;

        AnswerCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        ReviewDecision decision(String hash, String name) {
            return ReviewDecision.answer(hash, name, text);
        }
    }
}
