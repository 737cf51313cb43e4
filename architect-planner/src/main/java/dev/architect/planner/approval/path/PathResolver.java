package dev.architect.planner.approval.path;

import dev.architect.planner.approval.shell.ShellCharacters;
import dev.architect.planner.check.ArgumentCheck;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Resolves paths of POSIX systems, also of files that are not there yet. Links are followed for every existing prefix, {@code ..}
 * leaves the folder that the kernel is in by then. Thread safe: it has no state.
 */
public final class PathResolver {

    /** The most bytes of an element; no usual file system takes more. */
    public static final int MAX_ELEMENT_BYTES = 255;

    /** As many links as Linux follows (path_resolution(7), read 2026-11-29). */
    private static final int MAX_LINKS = 40;

    private static final int MAX_ELEMENTS = 4096;

    /** Short names of Windows, such as {@code GIT~1}, which name a file without its name. */
    private static final Pattern SHORT_NAME = Pattern.compile(".*~[0-9]+(\\..*)?");

    private PathResolver() {}

    /**
     * Returns where {@code path} leads from {@code folder}.
     *
     * @param folder an absolute path
     * @param path absolute, or relative to the folder
     */
    public static ResolvedPath resolve(String folder, String path, LinkReader links) {
        ArgumentCheck.notNull("folder", folder);
        ArgumentCheck.notNull("links", links);
        String whole = ArgumentCheck.notNull("path", path).startsWith("/") ? path : folder + "/" + path;
        List<String> elements = elements(whole);
        String refused = refusal(path, elements);
        List<String> lexical = lexical(elements);
        if (elements.size() > MAX_ELEMENTS) {
            return new ResolvedPath(lexical, lexical, Optional.of("a path of more than " + MAX_ELEMENTS + " elements"));
        }
        List<String> physical = new ArrayList<>();
        boolean isLoop = !follow(elements, links, physical);
        if (isLoop && refused == null) {
            refused = "a path with more than " + MAX_LINKS + " links";
        }
        return new ResolvedPath(lexical, physical, Optional.ofNullable(refused));
    }

    private static @Nullable String refusal(String path, List<String> elements) {
        if (path.isEmpty()) {
            return "an empty path";
        }
        if (path.indexOf('\\') >= 0) {
            return "a path with a backslash";
        }
        if (path.indexOf('\n') >= 0
                || path.indexOf('\t') >= 0
                || ShellCharacters.firstRefused(path).isPresent()) {
            return "a path with characters that are not visible";
        }
        for (String element : elements) {
            if (element.length() > MAX_ELEMENT_BYTES
                    || element.getBytes(StandardCharsets.UTF_8).length > MAX_ELEMENT_BYTES) {
                return "a path with an element of more than " + MAX_ELEMENT_BYTES + " bytes";
            }
            if (mayBecomeAnother(element)) {
                return "a path with letters that may be read as dots or slashes";
            }
            if (element.indexOf('~') >= 0 && SHORT_NAME.matcher(element).matches()) {
                return "a path with a short name";
            }
        }
        return null;
    }

    /** Whether an element is another path where compatibility forms of letters are replaced, such as a wide slash. */
    private static boolean mayBecomeAnother(String element) {
        for (int index = 0; index < element.length(); index++) {
            if (element.charAt(index) >= 0x80) {
                String simple = Normalizer.normalize(element, Normalizer.Form.NFKC);
                return simple.indexOf('/') >= 0
                        || simple.indexOf('\\') >= 0
                        || (!simple.isEmpty() && simple.chars().allMatch(c -> c == '.'));
            }
        }
        return false;
    }

    /** Returns the elements of a path without the empty ones and {@code .}. */
    static List<String> elements(String path) {
        List<String> elements = new ArrayList<>();
        int from = 0;
        while (from <= path.length()) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            if (to > from && !(to == from + 1 && path.charAt(from) == '.')) {
                elements.add(path.substring(from, to));
            }
            from = to + 1;
        }
        return elements;
    }

    private static List<String> lexical(List<String> elements) {
        List<String> result = new ArrayList<>(elements.size());
        for (String element : elements) {
            step(result, element);
        }
        return result;
    }

    private static void step(List<String> reached, String element) {
        if (!element.equals("..")) {
            reached.add(element);
        } else if (!reached.isEmpty()) {
            reached.remove(reached.size() - 1);
        }
    }

    /** Follows links into {@code reached}; returns false when there are too many. */
    private static boolean follow(List<String> elements, LinkReader links, List<String> reached) {
        Deque<String> open = new ArrayDeque<>(elements);
        int followed = 0;
        while (!open.isEmpty()) {
            String element = open.pop();
            if (element.equals("..") || element.indexOf('\0') >= 0) {
                step(reached, element);
                continue;
            }
            reached.add(element);
            Optional<String> target = links.target(ResolvedPath.text(reached));
            if (target.isEmpty()) {
                continue;
            }
            if (++followed > MAX_LINKS) {
                return false;
            }
            if (target.get().startsWith("/")) {
                reached.clear();
            } else {
                reached.remove(reached.size() - 1);
            }
            List<String> further = elements(target.get());
            for (int index = further.size() - 1; index >= 0; index--) {
                open.push(further.get(index));
            }
        }
        return true;
    }
}
