package dev.architect.benchmarks.failover.subject;

import java.net.URI;

/**
 * What a subject is built for.
 *
 * @param address where the fault server is
 * @param dialect the dialect that it is called in, by name
 * @param primary the model that is asked first
 * @param fallback the model that may answer instead
 * @param settings which limits are set
 * @param form how it asks
 */
public record SubjectSetup(
        URI address, String dialect, String primary, String fallback, SubjectSettings settings, AskForm form) {

    /** The model that is healthy in every scenario. */
    public static final String HEALTHY = "fb-ok";
}
