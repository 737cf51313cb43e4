package dev.architect.review;

import dev.architect.check.Check;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a person is to decide. Immutable.
 *
 * @param kind what it is about
 * @param title in one line, at most {@value #MAX_TITLE} characters
 * @param action exactly what would be done
 * @param shape what reviews that may be decided together have in common, such as program and subcommand; empty for one that stands alone
 * @param preview a diff or another text that shows what would come of it, at most {@value #MAX_PREVIEW} characters; may be empty
 * @param risk how much harm it could do
 * @param reach what it can reach, such as files and hosts; for people
 * @param requester who wants to do it
 * @param labels what is in play around it, such as {@code untrusted-input}
 * @param reviewers who is asked; empty for everybody who may decide
 * @param project the project; empty for none
 * @param item the id of the item; empty for none
 * @param rules the ids of the rules that matched
 * @param part the part of the action that must be asked about; empty for the whole
 * @param remark why it must be asked; may be empty
 */
public record ReviewRequest(
        ReviewKind kind,
        String title,
        ReviewedAction action,
        String shape,
        String preview,
        ReviewRisk risk,
        List<String> reach,
        ReviewRequester requester,
        Set<String> labels,
        List<String> reviewers,
        Optional<String> project,
        Optional<String> item,
        List<String> rules,
        String part,
        String remark) {

    /** The most characters of a title. */
    public static final int MAX_TITLE = 300;

    /** The most characters of a preview. */
    public static final int MAX_PREVIEW = 1_000_000;

    private static final int MAX_TEXT = 20_000;
    private static final int MAX_NAME = 200;
    private static final int MAX_ENTRIES = 100;

    /** Checks every field and copies the collections. */
    public ReviewRequest {
        Check.notNull("kind", kind);
        Check.atMost("title", Check.notBlank("title", title), MAX_TITLE);
        Check.notNull("action", action);
        Check.atMost("shape", shape, MAX_TITLE);
        Check.atMost("preview", preview, MAX_PREVIEW);
        Check.notNull("risk", risk);
        reach = texts("reach", reach);
        Check.notNull("requester", requester);
        labels = Set.copyOf(texts("labels", labels));
        reviewers = texts("reviewers", reviewers);
        Check.notNull("project", project).ifPresent(value -> Check.atMost("project", value, MAX_NAME));
        Check.notNull("item", item).ifPresent(value -> Check.atMost("item", value, MAX_NAME));
        rules = texts("rules", rules);
        Check.atMost("part", part, MAX_TEXT);
        Check.atMost("remark", remark, MAX_TEXT);
    }

    private static List<String> texts(String field, Collection<String> texts) {
        Check.noNulls(field, texts);
        Check.range(field, texts.size(), 0, MAX_ENTRIES);
        texts.forEach(text -> Check.atMost(field, text, MAX_TEXT));
        return List.copyOf(texts);
    }

    /** Begins a request of medium risk without anything optional. */
    public static Builder builder(ReviewKind kind, String title, ReviewedAction action, ReviewRequester requester) {
        return new Builder(kind, title, action, requester);
    }

    /** What all requests for the same action of the same requester have in common: at most one of their reviews is live. */
    public String subject() {
        return requester.task().map(task -> "task:" + task).orElse("name:" + requester.name()) + " "
                + requester.run().orElse("") + " " + action.sha256();
    }

    /** Collects what a request has beyond what it is about. Used by one thread. */
    public static final class Builder {

        private final ReviewKind kind;
        private final String title;
        private final ReviewedAction action;
        private final ReviewRequester requester;
        private String shape = "";
        private String preview = "";
        private ReviewRisk risk = ReviewRisk.of(RiskLevel.MEDIUM);
        private final List<String> reach = new ArrayList<>();
        private final Set<String> labels = new TreeSet<>();
        private final List<String> reviewers = new ArrayList<>();
        private Optional<String> project = Optional.empty();
        private Optional<String> item = Optional.empty();
        private final List<String> rules = new ArrayList<>();
        private String part = "";
        private String remark = "";

        private Builder(ReviewKind kind, String title, ReviewedAction action, ReviewRequester requester) {
            this.kind = Check.notNull("kind", kind);
            this.title = Check.notNull("title", title);
            this.action = Check.notNull("action", action);
            this.requester = Check.notNull("requester", requester);
        }

        /** Sets what reviews that may be decided together have in common; empty by default. */
        public Builder shape(String value) {
            shape = Check.notNull("shape", value);
            return this;
        }

        /** Sets what shows what would come of it; empty by default. */
        public Builder preview(String value) {
            preview = Check.notNull("preview", value);
            return this;
        }

        /** Sets the risk; medium by default. */
        public Builder risk(ReviewRisk value) {
            risk = Check.notNull("risk", value);
            return this;
        }

        /** Adds what it can reach. */
        public Builder reach(Collection<String> values) {
            reach.addAll(Check.noNulls("reach", values));
            return this;
        }

        /** Adds what is in play. */
        public Builder labels(Collection<String> values) {
            labels.addAll(Check.noNulls("labels", values));
            return this;
        }

        /** Adds people who are asked. */
        public Builder reviewers(Collection<String> values) {
            reviewers.addAll(Check.noNulls("reviewers", values));
            return this;
        }

        /** Sets the project; none by default. */
        public Builder project(Optional<String> value) {
            project = Check.notNull("project", value);
            return this;
        }

        /** Sets the id of the item; none by default. */
        public Builder item(Optional<String> value) {
            item = Check.notNull("item", value);
            return this;
        }

        /** Sets why it must be asked: rules, part and reason. */
        public Builder because(List<String> matched, String askedPart, String reason) {
            rules.addAll(Check.noNulls("matched", matched));
            part = Check.notNull("askedPart", askedPart);
            remark = Check.notNull("reason", reason);
            return this;
        }

        /**
         * Returns the request.
         *
         * @throws IllegalArgumentException when a field is too long or empty
         */
        public ReviewRequest build() {
            return new ReviewRequest(
                    kind, title, action, shape, preview, risk, reach, requester, labels, reviewers, project, item,
                    rules, part, remark);
        }
    }
}
