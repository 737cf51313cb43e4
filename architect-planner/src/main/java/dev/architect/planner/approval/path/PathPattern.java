package dev.architect.planner.approval.path;

import dev.architect.planner.check.ArgumentCheck;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A pattern over the elements of a path: {@code *} and {@code ?} stand for characters of one element, {@code **} for any number of
 * elements. A pattern that begins with a slash is one from the root, and {@code ~/} from the home folder; any other one is relative to
 * the workspace. Immutable.
 */
public final class PathPattern {

    /** What a pattern decides, and therefore on which side it errs. */
    public enum Reach {
        /**
         * What is matched may be allowed: case counts, {@code docs/**} matches what is in the folder and not the folder itself, and
         * every pattern without a slash at its start stays in the workspace. {@code **} alone matches the workspace, too.
         */
        NARROW,
        /**
         * What is matched is asked or denied: case and look of letters do not count, {@code .git/**} matches the folder, too, and a
         * pattern that begins with {@code **} matches everywhere.
         */
        WIDE
    }

    private static final String ANY = "**";

    private static final Pattern BRACKETS = Pattern.compile("\\[[^\\]]*\\]?");

    private final String text;
    private final List<String> elements;
    private final boolean isFromRoot;
    private final Reach reach;

    private PathPattern(String text, List<String> elements, boolean isFromRoot, Reach reach) {
        this.text = text;
        this.elements = elements;
        this.isFromRoot = isFromRoot;
        this.reach = reach;
    }

    /**
     * Reads a pattern.
     *
     * @param home the home folder, an absolute path
     * @throws IllegalArgumentException when it is blank, has {@code .} or {@code ..} among its elements, or a {@code **} within one
     */
    public static PathPattern of(String text, String home, Reach reach) {
        ArgumentCheck.notBlank("pattern", text);
        ArgumentCheck.notNull("home", home);
        ArgumentCheck.notNull("reach", reach);
        String absolute = text.startsWith("~/") ? home + text.substring(1) : text;
        List<String> elements = new ArrayList<>();
        for (String element : PathResolver.elements(absolute)) {
            if (element.equals("..") || (element.contains(ANY) && !element.equals(ANY)) || element.indexOf('\\') >= 0) {
                throw new IllegalArgumentException("pattern is '" + text
                        + "', expected elements without '..' and backslash, and '**' alone in its element");
            }
            elements.add(reach == Reach.WIDE ? fold(element) : element);
        }
        if (elements.isEmpty()) {
            throw new IllegalArgumentException("pattern is '" + text + "', expected elements of a path");
        }
        boolean isFromRoot = absolute.startsWith("/")
                || (reach == Reach.WIDE && elements.get(0).equals(ANY));
        return new PathPattern(text, List.copyOf(elements), isFromRoot, reach);
    }

    /** A path as patterns compare it, made once for all of them. Immutable. */
    public static final class Subject {

        private final List<String> fromRoot;
        private final List<String> foldedFromRoot;
        private final @Nullable List<String> fromWorkspace;
        private final @Nullable List<String> foldedFromWorkspace;

        /**
         * Reads a path.
         *
         * @param path its elements from the root
         * @param workspaces the elements of the workspace from the root, in each of its forms
         */
        public Subject(List<String> path, List<List<String>> workspaces) {
            fromRoot = List.copyOf(ArgumentCheck.noNulls("path", path));
            foldedFromRoot = folded(fromRoot);
            List<String> inside = null;
            List<String> foldedInside = null;
            for (List<String> workspace : ArgumentCheck.noNulls("workspaces", workspaces)) {
                if (isWithin(fromRoot, workspace)) {
                    inside = fromRoot.subList(workspace.size(), fromRoot.size());
                    foldedInside = foldedFromRoot.subList(workspace.size(), fromRoot.size());
                    break;
                }
            }
            fromWorkspace = inside;
            foldedFromWorkspace = foldedInside;
        }

        /** Whether the path is the workspace, or in it. */
        public boolean isInside() {
            return fromWorkspace != null;
        }

        private @Nullable List<String> elements(PathPattern pattern) {
            boolean isWide = pattern.reach == Reach.WIDE;
            if (pattern.isFromRoot) {
                return isWide ? foldedFromRoot : fromRoot;
            }
            return isWide ? foldedFromWorkspace : fromWorkspace;
        }
    }

    /** Whether a path is matched. */
    public boolean matches(Subject path) {
        List<String> rest = ArgumentCheck.notNull("path", path).elements(this);
        return rest != null && matches(rest, false);
    }

    /** Whether a path in which {@code *}, {@code ?} and {@code [} are a shell's may come to be one that is matched. */
    public boolean mayMatch(Subject glob) {
        List<String> rest = ArgumentCheck.notNull("glob", glob).elements(this);
        return rest != null && matches(rest, true);
    }

    /** Whether {@code path} is {@code folder} or something in it. */
    public static boolean isWithin(List<String> path, List<String> folder) {
        return path.size() >= folder.size() && path.subList(0, folder.size()).equals(folder);
    }

    /** Wildcard matching with one place to go back to, the last {@code **}; the product of both lengths at most. */
    private boolean matches(List<String> path, boolean isGlob) {
        boolean isAll = elements.size() == 1 && elements.get(0).equals(ANY);
        if (isAll) {
            return true;
        }
        int size = elements.size();
        boolean needsMore = reach == Reach.NARROW && elements.get(size - 1).equals(ANY);
        int at = 0;
        int pattern = 0;
        int backPattern = -1;
        int backAt = 0;
        while (at < path.size()) {
            if (pattern < size && elements.get(pattern).equals(ANY)) {
                backPattern = pattern;
                backAt = at;
                pattern++;
                if (needsMore && pattern == size) {
                    // The last ** stands for one element or more.
                    return true;
                }
            } else if (pattern < size && matchesElement(elements.get(pattern), path.get(at), isGlob)) {
                pattern++;
                at++;
            } else if (backPattern >= 0) {
                pattern = backPattern + 1;
                backAt++;
                at = backAt;
            } else {
                return false;
            }
        }
        while (pattern < size && elements.get(pattern).equals(ANY) && !needsMore) {
            pattern++;
        }
        return pattern == size;
    }

    private static boolean matchesElement(String pattern, String element, boolean isGlob) {
        return (isGlob && hasWildcard(element)) ? intersects(element, pattern) : matchesText(pattern, element);
    }

    private static boolean hasWildcard(String element) {
        return element.indexOf('*') >= 0 || element.indexOf('?') >= 0 || element.indexOf('[') >= 0;
    }

    private static boolean matchesText(String pattern, String text) {
        if (pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0) {
            return pattern.equals(text);
        }
        int at = 0;
        int p = 0;
        int backPattern = -1;
        int backAt = 0;
        while (at < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                backPattern = p++;
                backAt = at;
            } else if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(at))) {
                p++;
                at++;
            } else if (backPattern >= 0) {
                p = backPattern + 1;
                at = ++backAt;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    /** Whether some text is matched by both; a wildcard of the shell at the start matches no dot, and alone says nothing. */
    private static boolean intersects(String glob, String pattern) {
        String simple = glob.indexOf('[') < 0 ? glob : BRACKETS.matcher(glob).replaceAll("?");
        boolean isHiddenFile = pattern.startsWith(".");
        boolean beginsOpen = simple.startsWith("*") || (simple.startsWith("?") && !glob.startsWith("["));
        if (isAnything(simple) || (isHiddenFile && beginsOpen)) {
            return false;
        }
        int width = pattern.length() + 1;
        boolean[] reachable = new boolean[(simple.length() + 1) * width];
        reachable[0] = true;
        for (int g = 0; g <= simple.length(); g++) {
            for (int p = 0; p <= pattern.length(); p++) {
                if (!reachable[g * width + p]) {
                    continue;
                }
                char a = g < simple.length() ? simple.charAt(g) : 0;
                char b = p < pattern.length() ? pattern.charAt(p) : 0;
                if (a == '*') {
                    reachable[(g + 1) * width + p] = true;
                    if (p < pattern.length()) {
                        reachable[g * width + p + 1] = true;
                    }
                }
                if (b == '*') {
                    reachable[g * width + p + 1] = true;
                    if (g < simple.length()) {
                        reachable[(g + 1) * width + p] = true;
                    }
                }
                if (a != 0 && b != 0 && a != '*' && b != '*' && (a == b || a == '?' || b == '?')) {
                    reachable[(g + 1) * width + p + 1] = true;
                }
            }
        }
        return reachable[simple.length() * width + pattern.length()];
    }

    private static boolean isAnything(String glob) {
        for (int index = 0; index < glob.length(); index++) {
            if (glob.charAt(index) != '*' && glob.charAt(index) != '?') {
                return false;
            }
        }
        return true;
    }

    private static List<String> folded(List<String> path) {
        List<String> folded = new ArrayList<>(path.size());
        for (String element : path) {
            folded.add(fold(element));
        }
        return folded;
    }

    /**
     * Returns an element as file systems that ignore case, compatibility forms, dots and blanks at the end, and what follows a colon
     * may read it.
     */
    static String fold(String element) {
        String simple = element;
        for (int index = 0; index < element.length(); index++) {
            if (element.charAt(index) >= 0x80) {
                simple = Normalizer.normalize(element, Normalizer.Form.NFKC).toUpperCase(Locale.ROOT);
                break;
            }
        }
        simple = simple.toLowerCase(Locale.ROOT);
        int colon = simple.indexOf(':');
        int end = colon > 0 ? colon : simple.length();
        while (end > 1 && (simple.charAt(end - 1) == '.' || simple.charAt(end - 1) == ' ')) {
            end--;
        }
        String name = simple.equals("..") ? simple : simple.substring(0, end);
        // The short name that Windows gives to .git, the first file of its folder in most cases.
        return name.startsWith("git~") ? ".git" : name;
    }

    /**
     * A text that every matched path has in one of its elements after {@link #fold}; empty when there is none, as in {@code **}. For
     * looking at many words cheaply before one is resolved.
     */
    public Optional<String> literal() {
        String best = "";
        for (String element : elements) {
            for (String run : element.split("[*?]+")) {
                if (run.length() > best.length()) {
                    best = run;
                }
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(best);
    }

    /** Returns the pattern as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
