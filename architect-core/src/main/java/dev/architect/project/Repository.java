package dev.architect.project;

import dev.architect.check.Check;

/**
 * Where the work of a project is kept.
 *
 * @param location a path or URL, 1 to 500 characters, without secrets
 * @param branch the branch that work begins from, 1 to 200 characters
 */
public record Repository(String location, String branch) {

    private static final int MAX_LOCATION_CHARACTERS = 500;
    private static final int MAX_BRANCH_CHARACTERS = 200;

    /** Checks every field. */
    public Repository {
        Check.atMost("repository location", Check.notBlank("repository location", location), MAX_LOCATION_CHARACTERS);
        Check.atMost("repository branch", Check.notBlank("repository branch", branch), MAX_BRANCH_CHARACTERS);
    }
}
