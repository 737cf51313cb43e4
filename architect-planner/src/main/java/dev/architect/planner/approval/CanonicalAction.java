package dev.architect.planner.approval;

import dev.architect.json.JsonText;
import dev.architect.planner.approval.path.PathResolver;
import dev.architect.planner.approval.path.ResolvedPath;
import dev.architect.planner.approval.shell.ShellCommand;
import dev.architect.planner.approval.shell.ShellScanner;
import dev.architect.planner.check.ArgumentCheck;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An action with everything that decides what it does, as one text with a hash: an approval is for this hash, and what is done must have
 * the same one. It holds the action, the folder and where links lead from it, the variables that differ, where the words of the action lead
 * as paths, and the contents of the files that it depends on.
 *
 * @param json equal for equal actions in equal circumstances
 * @param sha256 the SHA-256 of the text in UTF-8, 64 hexadecimal digits in lower case
 */
public record CanonicalAction(String json, String sha256) {

    /** Checks that both are there. */
    public CanonicalAction {
        ArgumentCheck.notNull("json", json);
        ArgumentCheck.notNull("sha256", sha256);
    }

    /**
     * Returns the canonical form of an action. Blocks as the context's link reader does.
     *
     * @param contents hashes of the files whose contents decide what the action does, such as scripts that it runs, by their paths
     */
    public static CanonicalAction of(Action action, Context context, Map<String, String> contents) {
        ArgumentCheck.notNull("action", action);
        ArgumentCheck.notNull("context", context);
        ArgumentCheck.noNulls("contents", contents);
        Map<String, @Nullable Object> all = new LinkedHashMap<>(action.fields());
        all.put("folder", context.folder());
        all.put("folderLeadsTo", physical(context, "."));
        all.put("environment", new TreeMap<>(context.environment()));
        Map<String, String> paths = new TreeMap<>();
        for (String word : words(action)) {
            if (!word.isEmpty() && !word.startsWith("-")) {
                paths.put(word, physical(context, word));
            }
        }
        all.put("paths", paths);
        all.put("contents", new TreeMap<>(contents));
        String json = JsonText.write(all);
        return new CanonicalAction(json, sha256(json));
    }

    /** Every word that may be a path. */
    private static List<String> words(Action action) {
        if (action instanceof Action.Exec exec) {
            return exec.argv();
        }
        if (action instanceof Action.Edit edit) {
            return List.of(edit.path());
        }
        if (action instanceof Action.Read read) {
            return List.of(read.path());
        }
        List<String> words = new ArrayList<>();
        if (action instanceof Action.Shell shell) {
            for (ShellCommand command : ShellScanner.scan(shell.text()).commands()) {
                words.addAll(command.words());
                command.redirections().forEach(redirection -> words.add(redirection.target()));
            }
        }
        return words;
    }

    private static String physical(Context context, String path) {
        return ResolvedPath.text(
                PathResolver.resolve(context.folder(), path, context.links()).physical());
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("SHA-256 is missing, expected it in every JVM", missing);
        }
    }
}
