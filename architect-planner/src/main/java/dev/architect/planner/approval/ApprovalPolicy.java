package dev.architect.planner.approval;

import dev.architect.error.FileProblem;
import dev.architect.planner.approval.path.PathPattern;
import dev.architect.planner.check.ArgumentCheck;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Rules, and the places that they are about. Immutable.
 *
 * @param workspace the folder in which agents work, an absolute path
 * @param home the home folder of the user that actions run as, an absolute path
 * @param environmentAllowed the variables that an action may set; {@code LC_*} stands for all that begin so
 * @param secret patterns of files that must not be read
 * @param protectedPaths patterns of files that must not be written
 * @param rules the rules, each with an id of its own
 */
public record ApprovalPolicy(
        String workspace,
        String home,
        Set<String> environmentAllowed,
        List<String> secret,
        List<String> protectedPaths,
        List<ApprovalRule> rules) {

    /** The variables that a policy allows unless it states others. */
    public static final Set<String> USUAL_ENVIRONMENT = Set.of("LANG", "LC_*", "TZ", "NO_COLOR", "CI", "TERM");

    /** The secret files of a policy unless it states others. */
    public static final List<String> USUAL_SECRET = List.of(
            "**/.env",
            "**/.env.*",
            "**/*.pem",
            "**/*.key",
            "**/*.p12",
            "**/*.jks",
            "**/id_rsa",
            "**/id_ed25519",
            "~/.ssh/**",
            "/home/*/.ssh/**",
            "~/.aws/**",
            "/home/*/.aws/**",
            "**/.netrc",
            "~/.gnupg/**",
            "~/.kube/**",
            "~/.docker/config.json",
            "~/.config/gh/**",
            "~/.git-credentials",
            "/root/**",
            "/etc/shadow",
            "/etc/gshadow",
            "/proc/*/environ");

    /** The protected files of a policy unless it states others. */
    public static final List<String> USUAL_PROTECTED = List.of(
            "**/.git/**",
            "**/.gitattributes",
            "**/.gitmodules",
            ".github/**",
            ".gitlab-ci.yml",
            ".circleci/**",
            "Jenkinsfile",
            ".husky/**",
            ".pre-commit-config.yaml",
            ".architect/**",
            "**/.npmrc",
            "**/.envrc",
            "**/.vscode/**",
            "**/.idea/**",
            "**/.mvn/**");

    private static final String STANDARD = "standard-approvals.json";

    private static final int MAX_FILE_BYTES = 4 * 1024 * 1024;

    /** Checks every field and copies the collections. */
    public ApprovalPolicy {
        checkAbsolute("workspace", workspace);
        checkAbsolute("home", home);
        environmentAllowed = Set.copyOf(ArgumentCheck.noNulls("environmentAllowed", environmentAllowed));
        secret = List.copyOf(ArgumentCheck.noNulls("secret", secret));
        protectedPaths = List.copyOf(ArgumentCheck.noNulls("protectedPaths", protectedPaths));
        rules = List.copyOf(ArgumentCheck.noNulls("rules", rules));
        for (String pattern : secret) {
            checkPattern("secret", pattern, home);
        }
        for (String pattern : protectedPaths) {
            checkPattern("protected", pattern, home);
        }
    }

    private static void checkPattern(String field, String pattern, String home) {
        try {
            PathPattern.of(pattern, home, PathPattern.Reach.WIDE);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(field + " has a " + wrong.getMessage(), wrong);
        }
    }

    /** Returns a policy of these rules with the usual variables, secret and protected files. */
    public static ApprovalPolicy of(String workspace, String home, List<ApprovalRule> rules) {
        return new ApprovalPolicy(workspace, home, USUAL_ENVIRONMENT, USUAL_SECRET, USUAL_PROTECTED, rules);
    }

    /**
     * Returns the policy for a work tree without rules of its own: it may be read, and nothing else is allowed. It is
     * {@code standard-approvals.json} in this package.
     */
    public static ApprovalPolicy standard(String workspace, String home) {
        try (InputStream stream =
                Objects.requireNonNull(ApprovalPolicy.class.getResourceAsStream(STANDARD), STANDARD)) {
            String json = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            return of(workspace, home, parse(STANDARD, json).rules());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * Reads a policy from JSON.
     *
     * @param name the name of the file for messages
     * @param json the text
     * @throws InvalidPolicyException when it is no JSON, a field is wrong, missing or unknown, an id stands twice, an example
     *     fails, or a rule allows a banned program; with line and column of each
     */
    public static ApprovalPolicy parse(String name, String json) {
        return ApprovalPolicyReader.read(ArgumentCheck.notNull("name", name), ArgumentCheck.notNull("json", json));
    }

    /**
     * Reads a policy from a file.
     *
     * @throws InvalidPolicyException as {@link #parse}, and when the file cannot be read
     */
    public static ApprovalPolicy load(Path file) {
        String name = ArgumentCheck.notNull("file", file).toString();
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new InvalidPolicyException(List.of(FileProblem.ofFile(
                        name, "has " + Files.size(file) + " bytes, expected at most " + MAX_FILE_BYTES)));
            }
            return parse(name, Files.readString(file));
        } catch (IOException unreadable) {
            throw new InvalidPolicyException(List.of(FileProblem.ofFile(
                    name, "cannot be read (" + unreadable.getClass().getSimpleName() + "), expected a file of UTF-8")));
        }
    }

    /** Returns the same with these rules. */
    public ApprovalPolicy withRules(List<ApprovalRule> others) {
        return new ApprovalPolicy(workspace, home, environmentAllowed, secret, protectedPaths, others);
    }

    /** Returns the same with one more rule. */
    public ApprovalPolicy plus(ApprovalRule rule) {
        List<ApprovalRule> more = new ArrayList<>(rules);
        more.add(ArgumentCheck.notNull("rule", rule));
        return withRules(more);
    }

    private static void checkAbsolute(String field, String path) {
        if (!ArgumentCheck.notNull(field, path).startsWith("/")) {
            throw new IllegalArgumentException(field + " is '" + path + "', expected an absolute path");
        }
    }
}
