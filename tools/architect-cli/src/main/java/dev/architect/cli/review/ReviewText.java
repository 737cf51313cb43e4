package dev.architect.cli.review;

import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.cli.terminal.VisibleText;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.json.RawJson;
import dev.architect.review.Review;
import dev.architect.review.ReviewComment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reviews on a terminal. */
final class ReviewText {

    private static final int MOST = 60;

    private ReviewText() {}

    static void table(Terminal terminal, List<Review> reviews) {
        TextTable table = new TextTable("Review", "State", "Risk", "Kind", "Requester", "Due", "What");
        for (Review review : reviews) {
            String title = VisibleText.of(review.request().title());
            table.row(
                    Long.toString(review.id()),
                    JsonFields.wordOf(review.state()),
                    JsonFields.wordOf(review.request().risk().level()),
                    JsonFields.wordOf(review.request().kind()),
                    review.request().requester().name(),
                    review.times().due().toString(),
                    title.length() <= MOST ? title : title.substring(0, MOST) + "…");
        }
        table.lines().forEach(terminal.out()::println);
    }

    static String json(Review review) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("id", Long.toString(review.id()));
        fields.put("state", JsonFields.wordOf(review.state()));
        fields.put("kind", JsonFields.wordOf(review.request().kind()));
        fields.put("risk", JsonFields.wordOf(review.request().risk().level()));
        fields.put("title", review.request().title());
        fields.put("requester", review.request().requester().name());
        fields.put("sha256", review.request().action().sha256());
        fields.put("action", new RawJson(review.request().action().json()));
        fields.put("due", review.times().due().toString());
        fields.put("decidedBy", review.outcome().map(by -> by.actor()).orElse(null));
        return JsonText.write(fields);
    }

    static void whole(Terminal terminal, Review review, List<ReviewComment> comments) {
        line(terminal, "review", review.id() + " (" + JsonFields.wordOf(review.state()) + ")");
        line(terminal, "what", review.request().title());
        line(terminal, "kind", JsonFields.wordOf(review.request().kind()));
        line(
                terminal,
                "risk",
                JsonFields.wordOf(review.request().risk().level()) + " "
                        + String.join("; ", review.request().risk().reasons()));
        line(terminal, "asks", review.request().requester().name());
        review.request().requester().task().ifPresent(task -> line(terminal, "task", task.toString()));
        line(terminal, "due", review.times().due().toString());
        line(terminal, "why", review.request().remark());
        line(terminal, "rules", String.join(", ", review.request().rules()));
        line(terminal, "sha256", review.request().action().sha256());
        List<String> argv = JsonFields.parse(review.request().action().json()).has("argv")
                ? JsonFields.parse(review.request().action().json()).texts("argv")
                : List.of();
        for (int i = 0; i < argv.size(); i++) {
            line(terminal, "  [" + i + "]", argv.get(i));
        }
        line(terminal, "action", review.request().action().json());
        review.request().preview().lines().forEach(text -> line(terminal, "", text));
        for (ReviewComment comment : comments) {
            line(
                    terminal,
                    "comment",
                    comment.actor() + ": "
                            + comment.remark().file().map(file -> file + ": ").orElse("")
                            + comment.remark().text());
        }
        review.outcome()
                .ifPresent(by -> line(
                        terminal,
                        "outcome",
                        JsonFields.wordOf(by.choice()) + " by " + by.actor()
                                + (by.comment().isEmpty() ? "" : ": " + by.comment())));
    }

    private static void line(Terminal terminal, String what, String value) {
        terminal.out().printf("%-8s %s%n", what, VisibleText.of(value));
    }
}
