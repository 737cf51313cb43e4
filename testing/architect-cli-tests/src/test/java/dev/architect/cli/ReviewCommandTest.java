package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.review.RecordedApproval;
import dev.architect.review.Review;
import dev.architect.review.ReviewKind;
import dev.architect.review.ReviewLimits;
import dev.architect.review.ReviewRequest;
import dev.architect.review.ReviewRequester;
import dev.architect.review.ReviewState;
import dev.architect.review.ReviewStore;
import dev.architect.review.ReviewedAction;
import dev.architect.store.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reviews and stored rules of a data directory. */
final class ReviewCommandTest {

    @TempDir
    private Path data;

    private GaiaRun gaia(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", data.toString()));
        return GaiaRun.gaia(all.toArray(String[]::new));
    }

    private long ask(ReviewKind kind, String... argv) {
        try (SqliteStore store = SqliteStore.at(data.resolve("architect.db"))) {
            ReviewStore reviews = store.reviews().orElseThrow();
            ReviewedAction action = ReviewedAction.of("{\"action\":\"exec\",\"argv\":[\"" + String.join("\",\"", argv)
                    + "\"],\"folder\":\"" + folder() + "\"}");
            ReviewRequest request = ReviewRequest.builder(
                            kind, String.join(" ", argv), action, ReviewRequester.named("agent:builder"))
                    .build();
            Review review = reviews.open(Review.opened(0, request, reviews.now(), ReviewLimits.USUAL));
            reviews.record(new RecordedApproval(
                    0,
                    reviews.now(),
                    action,
                    "{\"folder\":\"" + folder() + "\"}",
                    "ask",
                    List.of(),
                    "",
                    "",
                    0,
                    Optional.of("agent:builder"),
                    Optional.empty(),
                    Optional.of(review.id()),
                    Optional.empty()));
            return review.id();
        }
    }

    private static String folder() {
        return Path.of("").toAbsolutePath().toString();
    }

    private Review read(long id) {
        try (SqliteStore store = SqliteStore.at(data.resolve("architect.db"))) {
            return store.reviews().orElseThrow().find(id).orElseThrow();
        }
    }

    private String id(long id) {
        return Long.toString(id);
    }

    @Test
    void showsAndDecidesWhatWaits() {
        long first = ask(ReviewKind.COMMAND, "make", "a\\u202eb");
        long second = ask(ReviewKind.COMMAND, "make", "two");
        long question = ask(ReviewKind.QUESTION, "which");

        assertThat(gaia("review", "list").out()).contains("make two", "question", "agent:builder");
        assertThat(gaia("review", "list", "--json").out().lines()).hasSize(3);
        assertThat(gaia("review", "show", id(first)).out())
                .contains("[1]", "a<U+202E>b", read(first).request().action().sha256());
        GaiaRun approved = gaia("review", "approve", id(first), "--as", "ann");
        assertThat(approved.exitCode()).as(approved.err()).isZero();
        assertThat(gaia("review", "deny", id(second), "not now", "--as", "ann").out())
                .isEqualTo("review " + second + " is denied\n");
        assertThat(gaia("review", "answer", id(question), "the first", "--as", "ann")
                        .exitCode())
                .isZero();

        assertThat(read(first).state()).isEqualTo(ReviewState.APPROVED);
        assertThat(read(second).outcome().orElseThrow().comment()).isEqualTo("not now");
        assertThat(gaia("review", "list").err()).contains("No review is open");
        assertThat(gaia("review", "list", "--state", "denied").out()).contains("make two");
    }

    @Test
    void editsWhatRulesDoNotDeny() {
        long review = ask(ReviewKind.COMMAND, "git", "push");
        String[] edit = {"review", "edit", id(review), "{\"action\":\"read\",\"path\":\"/root/x\"}", "--as", "ann"};
        assertThat(gaia(edit).err()).contains("cannot become that action");

        edit[3] = "{\"action\":\"exec\",\"argv\":[\"git\",\"push\",\"--dry-run\"]}";
        GaiaRun edited = gaia(edit);

        assertThat(edited.exitCode()).as(edited.err()).isZero();
        assertThat(read(review).effectiveAction().json()).contains("--dry-run");
    }

    @Test
    void refusesWhatCannotBe() {
        long review = ask(ReviewKind.COMMAND, "make", "x");

        assertThat(gaia("review", "approve", id(review), "--as", "agent:builder")
                        .err())
                .contains("expected that somebody else decides");
        assertThat(gaia("review", "approve", id(review), "--as", "ann", "--hash", "00")
                        .err())
                .contains("another action");
        assertThat(gaia("review", "approve", "999999", "--as", "ann").err()).contains("review 999999 does not exist");
        assertThat(gaia("review", "list", "--state", "asleep").err())
                .contains("state is 'asleep', expected one of open");
        assertThat(gaia("review", "approve", id(review), "--as", "ann", "--rule", "--session")
                        .err())
                .contains("expected one of them");
        assertThat(read(review).state()).isEqualTo(ReviewState.OPEN);
    }

    @Test
    void keepsTriesEnablesAndRemovesRules() throws IOException {
        ask(ReviewKind.COMMAND, "hostname");
        Path rule = data.resolve("rule.json");
        Files.writeString(
                rule, "{\"id\":\"host\",\"decision\":\"allow\",\"run\":[\"hostname\"],\"operands\":[\"none\"]}");

        assertThat(gaia("rule", "add", rule.toString()).out()).isEqualTo("rule host is kept, and not in force\n");
        assertThat(gaia("rule", "add", rule.toString()).err()).contains("exists already");
        GaiaRun tried = gaia("rule", "dry-run", "host", "--enable");
        assertThat(tried.out()).as(tried.err()).contains("of 1 decisions: 1 newly allowed", "rule host is in force");
        assertThat(gaia("rule", "list").out()).contains("host", "the installation");
        assertThat(gaia("rule", "list", "--json").out()).contains("\"hostname\"");
        assertThat(gaia("rule", "remove", "host").out()).isEqualTo("rule host is deleted\n");
        assertThat(gaia("rule", "remove", "host").err()).contains("rule 'host' does not exist");
    }

    @Test
    void proposesWhatWasApprovedAgainAndAgain() {
        assertThat(gaia("review", "list").exitCode()).isNotZero();
        for (String name : List.of("a", "b", "c")) {
            long review = ask(ReviewKind.COMMAND, "stat", "docs/" + name + ".txt");
            gaia("review", "approve", id(review), "--as", "ann");
        }

        GaiaRun proposed = gaia("rule", "propose");

        assertThat(proposed.out()).as(proposed.err()).contains("proposed-run-stat  3 approvals");
        assertThat(gaia("rule", "propose", "--accept", "proposed-run-stat").out())
                .contains("of 3 decisions: 3 newly allowed", "rule proposed-run-stat is in force");
        assertThat(gaia("rule", "propose", "--accept", "nothing").err()).contains("proposal 'nothing' does not exist");
    }
}
