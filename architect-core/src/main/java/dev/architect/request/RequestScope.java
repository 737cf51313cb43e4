package dev.architect.request;

import dev.architect.check.Check;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.task.Priority;
import java.time.Duration;
import java.util.Optional;

/**
 * On whose behalf a request is made, how long it may take, and how it is cancelled. Immutable but for the cancellation, which
 * belongs to one request or to several that end together; its {@code with} methods return changed copies.
 *
 * @param attribution what the cost is filed under
 * @param timeout the longest time for the whole request, failovers included
 * @param cancellation cancels the request from another thread
 * @param priority how urgent it is: where there is too little for all, what is less urgent waits, goes elsewhere or is refused first
 * @param keepsText whether its text may outlive it, as that of an answer in a cache does; ledger and records hold none in any case
 * @param providerWait adds up how long it is at providers, for whoever wants to know how long it was here
 * @param taskType what kind of work it is part of: requests of one type have answers of about the same length; empty when nobody says
 */
public record RequestScope(
        Attribution attribution,
        Duration timeout,
        Cancellation cancellation,
        Priority priority,
        boolean keepsText,
        ProviderWait providerWait,
        Optional<String> taskType) {

    /** The longest time of a request unless its scope sets another. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);

    private static final int MAX_TYPE = 200;

    /** Creates a scope of ordinary priority. */
    public RequestScope(Attribution attribution, Duration timeout, Cancellation cancellation) {
        this(attribution, timeout, cancellation, Priority.NORMAL);
    }

    /** Creates a scope whose text may be kept. */
    public RequestScope(Attribution attribution, Duration timeout, Cancellation cancellation, Priority priority) {
        this(attribution, timeout, cancellation, priority, true, new ProviderWait());
    }

    /** Creates a scope of no type of task. */
    public RequestScope(
            Attribution attribution,
            Duration timeout,
            Cancellation cancellation,
            Priority priority,
            boolean keepsText,
            ProviderWait providerWait) {
        this(attribution, timeout, cancellation, priority, keepsText, providerWait, Optional.empty());
    }

    /** Checks every field. */
    public RequestScope {
        Check.notNull("attribution", attribution);
        Check.positive("timeout", timeout);
        Check.notNull("cancellation", cancellation);
        Check.notNull("priority", priority);
        Check.notNull("providerWait", providerWait);
        Check.notNull("taskType", taskType)
                .ifPresent(type -> Check.atMost("taskType", Check.notBlank("taskType", type), MAX_TYPE));
    }

    /** Returns a scope with every default and a cancellation of its own. */
    public static RequestScope create() {
        return new RequestScope(Attribution.DEFAULT, DEFAULT_TIMEOUT, Cancellation.create());
    }

    /** Returns a scope whose cost is filed under {@code project}. */
    public static RequestScope of(ProjectId project) {
        return create().withAttribution(Attribution.of(project));
    }

    /** Returns a copy whose cost is filed under something else. */
    public RequestScope withAttribution(Attribution changed) {
        return new RequestScope(changed, timeout, cancellation, priority, keepsText, providerWait, taskType);
    }

    /** Returns a copy with the host's user on whose behalf the request is made. */
    public RequestScope withUser(String user) {
        return withAttribution(attribution.withUser(user));
    }

    /** Returns a copy with one more tag. */
    public RequestScope withTag(String name, String value) {
        return withAttribution(attribution.withTag(name, value));
    }

    /** Returns a copy with another time limit. */
    public RequestScope withTimeout(Duration changed) {
        return new RequestScope(attribution, changed, cancellation, priority, keepsText, providerWait, taskType);
    }

    /** Returns a copy that another cancellation ends. */
    public RequestScope withCancellation(Cancellation changed) {
        return new RequestScope(attribution, timeout, changed, priority, keepsText, providerWait, taskType);
    }

    /** Returns a copy of another priority; requests of tasks have that of their task. */
    public RequestScope withPriority(Priority changed) {
        return new RequestScope(attribution, timeout, cancellation, changed, keepsText, providerWait, taskType);
    }

    /** Returns a copy that is part of work of that type, of 1 to 200 characters; requests of tasks have the type of their task. */
    public RequestScope withTaskType(String type) {
        return new RequestScope(
                attribution,
                timeout,
                cancellation,
                priority,
                keepsText,
                providerWait,
                Optional.of(Check.notNull("type", type)));
    }

    /** Returns a copy whose text is not kept: no cache answers the request, and none gets its answer. */
    public RequestScope withoutKeptText() {
        return new RequestScope(attribution, timeout, cancellation, priority, false, providerWait, taskType);
    }
}
