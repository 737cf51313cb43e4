package dev.architect.planner.approval;

import dev.architect.planner.approval.path.LinkReader;
import dev.architect.planner.check.ArgumentCheck;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where, when and for whom an action would be done. Immutable. */
public final class Context {

    /** What is in play around an action. Together with a change or a way out, both ask a person whatever rules say. */
    public enum Label {
        /** Text of strangers: pages, issues, results of tools, output of models. */
        UNTRUSTED_INPUT,
        /** Data or rights that strangers must not get at. */
        SENSITIVE_ACCESS
    }

    private final String folder;
    private final Instant time;
    private final Map<String, String> environment;
    private final LinkReader links;
    private final Set<String> trustedPrograms;
    private final @Nullable String project;
    private final @Nullable String requester;
    private final @Nullable String run;
    private final @Nullable String branch;
    private final Set<Label> labels;
    private final boolean isUnattended;
    private final boolean isHalted;

    private Context(Builder builder) {
        folder = builder.folder;
        time = builder.time;
        environment = builder.environment;
        links = builder.links;
        trustedPrograms = builder.trustedPrograms;
        project = builder.project;
        requester = builder.requester;
        run = builder.run;
        branch = builder.branch;
        labels = builder.labels;
        isUnattended = builder.isUnattended;
        isHalted = builder.isHalted;
    }

    /**
     * Begins a context.
     *
     * @param folder the folder in which the action starts, an absolute path
     * @param time the moment by which rules expire
     * @throws IllegalArgumentException when the folder is no absolute path
     */
    public static Builder builder(String folder, Instant time) {
        return new Builder(folder, time);
    }

    /** The folder in which the action starts, an absolute path. */
    public String folder() {
        return folder;
    }

    /** The moment by which rules expire. */
    public Instant time() {
        return time;
    }

    /** Variables that differ from the environment that every action gets. */
    public Map<String, String> environment() {
        return environment;
    }

    /** Where links are looked up. */
    public LinkReader links() {
        return links;
    }

    /** The paths that may stand for the program of their last element. */
    public Set<String> trustedPrograms() {
        return trustedPrograms;
    }

    /** The project, empty for none. */
    public Optional<String> project() {
        return Optional.ofNullable(project);
    }

    /** Who asks, such as {@code agent:builder}; empty when unknown. */
    public Optional<String> requester() {
        return Optional.ofNullable(requester);
    }

    /** The id of the run, empty for none. */
    public Optional<String> run() {
        return Optional.ofNullable(run);
    }

    /** The branch that is checked out, empty when unknown. */
    public Optional<String> branch() {
        return Optional.ofNullable(branch);
    }

    /** What is in play. */
    public Set<Label> labels() {
        return labels;
    }

    /** Whether no person is there to be asked, so that what would be asked is denied. */
    public boolean isUnattended() {
        return isUnattended;
    }

    /** Whether everything is to stop. */
    public boolean isHalted() {
        return isHalted;
    }

    /** Collects what a context has beyond folder and time; all of it is optional. Used by one thread. */
    public static final class Builder {

        private final String folder;
        private final Instant time;
        private Map<String, String> environment = Map.of();
        private LinkReader links = LinkReader.none();
        private Set<String> trustedPrograms = Set.of();
        private @Nullable String project;
        private @Nullable String requester;
        private @Nullable String run;
        private @Nullable String branch;
        private Set<Label> labels = Set.of();
        private boolean isUnattended;
        private boolean isHalted;

        private Builder(String folder, Instant time) {
            if (!ArgumentCheck.notNull("folder", folder).startsWith("/")) {
                throw new IllegalArgumentException("folder is '" + folder + "', expected an absolute path");
            }
            this.folder = folder;
            this.time = ArgumentCheck.notNull("time", time);
        }

        /** Sets the variables that differ; none by default. */
        public Builder environment(Map<String, String> variables) {
            environment = Map.copyOf(ArgumentCheck.noNulls("environment", variables));
            return this;
        }

        /** Sets where links are looked up; there are none by default. */
        public Builder links(LinkReader reader) {
            links = ArgumentCheck.notNull("links", reader);
            return this;
        }

        /** Sets the paths that may stand for a program; none by default. */
        public Builder trustedPrograms(Set<String> paths) {
            trustedPrograms = Set.copyOf(ArgumentCheck.noNulls("trustedPrograms", paths));
            return this;
        }

        /** Sets the project; null for none. */
        public Builder project(@Nullable String value) {
            project = value;
            return this;
        }

        /** Sets who asks; null for unknown. */
        public Builder requester(@Nullable String value) {
            requester = value;
            return this;
        }

        /** Sets the id of the run; null for none. */
        public Builder run(@Nullable String value) {
            run = value;
            return this;
        }

        /** Sets the branch; null for unknown. */
        public Builder branch(@Nullable String value) {
            branch = value;
            return this;
        }

        /** Sets what is in play; nothing by default. */
        public Builder labels(Set<Label> values) {
            labels = Set.copyOf(ArgumentCheck.noNulls("labels", values));
            return this;
        }

        /** Sets whether no person is there; false by default. */
        public Builder unattended(boolean value) {
            isUnattended = value;
            return this;
        }

        /** Sets whether everything is to stop; false by default. */
        public Builder halted(boolean value) {
            isHalted = value;
            return this;
        }

        /** Returns the context. */
        public Context build() {
            return new Context(this);
        }
    }
}
