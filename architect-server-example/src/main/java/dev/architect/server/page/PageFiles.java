package dev.architect.server.page;

import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The pages and their files: those of the login are public, the others require the token or a login. No other file is served. Addresses are
 * relative to the page, so that the pages work under any path.
 */
public final class PageFiles {

    private static final String HTML = "text/html; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";
    private static final String IMAGE = "image/svg+xml";
    private static final String FONT = "font/woff2";
    private static final String TEXT = "text/plain; charset=utf-8";

    /** The pages of the sidebar, in its order. Each needs a script of its name. */
    private static final List<Page> PAGES = List.of(
            new Page("/", "overview", "Overview", "", "home", "o"),
            new Page("/projects", "projects", "Projects", "Plan", "columns", "p"),
            new Page("/reviews", "reviews", "Reviews", "Plan", "check", "r"),
            new Page("/tasks", "tasks", "Tasks", "Run", "list", "t"),
            new Page("/schedules", "schedules", "Schedules", "Run", "clock", "s"),
            new Page("/queues", "queues", "Queues", "Run", "queue", "q"),
            new Page("/sessions", "sessions", "Sessions", "Run", "terminal", "e"),
            new Page("/playground", "playground", "Playground", "Run", "play", "y"),
            new Page("/llm-metrics", "llm-metrics", "LLM metrics", "Models", "chart", "m"),
            new Page("/providers", "providers", "Providers", "Models", "cloud", "v"),
            new Page("/cluster", "cluster", "Cluster", "System", "server", "c"),
            new Page("/activity", "activity", "Activity", "System", "pulse", "a"),
            new Page("/settings", "settings", "Settings", "System", "gear", "x"));

    /** Pages of one thing, which the sidebar does not name. */
    private static final List<Page> DETAILS = List.of(
            new Page("/tasks/{id}", "task", "Task", "Run", "list", ""),
            new Page("/p/{key}/board", "board", "Board", "Plan", "columns", ""),
            new Page("/p/{key}/i/{id}", "item", "Item", "Plan", "columns", ""),
            new Page("/p/{key}/milestones", "milestones", "Milestones", "Plan", "columns", ""),
            new Page("/p/{key}/milestones/{id}", "milestone", "Milestone", "Plan", "columns", ""),
            new Page("/rules", "rules", "Rules", "Plan", "check", ""));

    private static final Set<String> WITH_CONTENT =
            Set.of("reviews", "board", "item", "milestones", "milestone", "rules");

    private static final List<String> SCRIPTS = List.of(
            "theme",
            "dom",
            "format",
            "icons",
            "live",
            "chart",
            "shell",
            "states",
            "submit",
            "retry",
            "account",
            "account-passkeys",
            "change",
            "planning",
            "board-bulk",
            "board-table",
            "board-views",
            "board-window",
            "item-facts",
            "link-graph",
            "burnup",
            "call",
            "exports",
            "spend-query",
            "spend",
            "other-prices",
            "invoices",
            "policy",
            "prices",
            "views");

    private PageFiles() {}

    /** Returns the operations of all pages and files. */
    public static List<Operation> operations() {
        List<Operation> all = new ArrayList<>(List.of(
                file("/login", "login.html", Permission.PUBLIC, HTML),
                file("/setup", "setup.html", Permission.PUBLIC, HTML),
                file("/page/setup.js", "setup.js", Permission.PUBLIC, SCRIPT),
                file("/page/base.css", "base.css", Permission.PUBLIC, STYLE),
                file("/page/login.js", "login.js", Permission.PUBLIC, SCRIPT),
                file("/page/passkey.js", "passkey.js", Permission.PUBLIC, SCRIPT),
                file("/page/icon.svg", "icon.svg", Permission.PUBLIC, IMAGE),
                file("/page/inter.woff2", "inter.woff2", Permission.PUBLIC, FONT),
                file("/page/inter-OFL.txt", "inter-OFL.txt", Permission.ANY_LOGIN, TEXT),
                file("/page/jetbrains-mono.woff2", "jetbrains-mono.woff2", Permission.ANY_LOGIN, FONT),
                file("/page/jetbrains-mono-OFL.txt", "jetbrains-mono-OFL.txt", Permission.ANY_LOGIN, TEXT),
                file("/page/reviews.css", "reviews.css", Permission.ANY_LOGIN, STYLE),
                file("/page/board.css", "board.css", Permission.ANY_LOGIN, STYLE),
                file("/page/dashboard.css", "dashboard.css", Permission.ANY_LOGIN, STYLE)));
        SCRIPTS.forEach(name -> all.add(script(name)));
        for (Page page : Stream.concat(PAGES.stream(), DETAILS.stream()).toList()) {
            all.add(file(
                    page.path(),
                    page.name() + ".html",
                    Permission.PAGE,
                    HTML,
                    () -> Frame.TEMPLATE.write(page, content(page))));
            all.add(script(page.name()));
        }
        return all;
    }

    /** The frame of all pages, read when the first of them is asked for. */
    private static final class Frame {
        static final PageTemplate TEMPLATE =
                new PageTemplate(new String(read("shell.html"), StandardCharsets.UTF_8), PAGES);
    }

    /** What a page has in its frame before its script runs: most have nothing. */
    private static String content(Page page) {
        return WITH_CONTENT.contains(page.name())
                ? new String(read(page.name() + ".html"), StandardCharsets.UTF_8)
                : "";
    }

    private static Operation script(String name) {
        return file("/page/" + name + ".js", name + ".js", Permission.ANY_LOGIN, SCRIPT);
    }

    private static Operation file(String path, String name, Permission permission, String type) {
        return file(path, name, permission, type, () -> read(name));
    }

    private static Operation file(
            String path, String name, Permission permission, String type, Supplier<byte[]> content) {
        LazyPageFile file = new LazyPageFile(type, content);
        return Operation.get(id(name), path, permission, file::write)
                .summary("Sends a file of the pages.")
                .header("If-None-Match", Schema.text(), "The ETag of what the browser has already.")
                .answer(200, "The file.", type)
                .answer(304, "The browser has it.");
    }

    /** Such as {@code getBaseCss}, in letters. */
    private static String id(String name) {
        StringBuilder id = new StringBuilder("get");
        for (String part : name.replace(".woff2", ".font").split("[.-]", -1)) {
            id.append(Character.toUpperCase(part.charAt(0))).append(part.substring(1));
        }
        return id.toString();
    }

    private static byte[] read(String name) {
        try (InputStream stream = PageFiles.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("page file " + name + " is missing, expected it in the server's jar");
            }
            return stream.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException("page file " + name + " cannot be read", failure);
        }
    }
}
