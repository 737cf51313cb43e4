package dev.architect.request;

import dev.architect.check.Check;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.task.Priority;
import java.time.Duration;

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
 */
public record RequestScope(
        Attribution attribution,
        Duration timeout,
        Cancellation cancellation,
        Priority priority,
        boolean keepsText,
        ProviderWait providerWait) {

    /** The longest time of a request unless its scope sets another. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);

    /** Creates a scope of ordinary priority. */
    public RequestScope(Attribution attribution, Duration timeout, Cancellation cancellation) {
        this(attribution, timeout, cancellation, Priority.NORMAL);
    }

    /** Creates a scope whose text may be kept. */
    public RequestScope(Attribution attribution, Duration timeout, Cancellation cancellation, Priority priority) {
        this(attribution, timeout, cancellation, priority, true, new ProviderWait());
    }

    /** Checks every field. */
    public RequestScope {
        Check.notNull("attribution", attribution);
        Check.positive("timeout", timeout);
        Check.notNull("cancellation", cancellation);
        Check.notNull("priority", priority);
        Check.notNull("providerWait", providerWait);
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
        return new RequestScope(changed, timeout, cancellation, priority, keepsText, providerWait);
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
        return new RequestScope(attribution, changed, cancellation, priority, keepsText, providerWait);
    }

    /** Returns a copy that another cancellation ends. */
    public RequestScope withCancellation(Cancellation changed) {
        return new RequestScope(attribution, timeout, changed, priority, keepsText, providerWait);
    }

    /** Returns a copy of another priority; requests of tasks have that of their task. */
    public RequestScope withPriority(Priority changed) {
        return new RequestScope(attribution, timeout, cancellation, changed, keepsText, providerWait);
    }

    /** Returns a copy whose text is not kept: no cache answers the request, and none gets its answer. */
    public RequestScope withoutKeptText() {
        return new RequestScope(attribution, timeout, cancellation, priority, false, providerWait);
    }
}
