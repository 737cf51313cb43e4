package dev.architect.server.page;

import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The files of the pages: those of the login are public, the others require the token or a login. No other file is served. */
public final class PageFiles {

    private static final String HTML = "text/html; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";
    private static final String IMAGE = "image/svg+xml";

    private PageFiles() {}

    /** Returns the operations of all files. */
    public static List<Operation> operations() {
        return List.of(
                file("/login", "login.html", Permission.PUBLIC, HTML),
                file("/page/base.css", "base.css", Permission.PUBLIC, STYLE),
                file("/page/login.js", "login.js", Permission.PUBLIC, SCRIPT),
                file("/page/icon.svg", "icon.svg", Permission.PUBLIC, IMAGE),
                file("/", "overview.html", Permission.PAGE, HTML),
                file("/llm-metrics", "llm-metrics.html", Permission.PAGE, HTML),
                file("/reviews", "reviews.html", Permission.PAGE, HTML),
                file("/page/reviews.css", "reviews.css", Permission.ANY_LOGIN, STYLE),
                file("/page/reviews.js", "reviews.js", Permission.ANY_LOGIN, SCRIPT),
                file("/tasks/{id}", "task.html", Permission.PAGE, HTML),
                file("/page/dashboard.css", "dashboard.css", Permission.ANY_LOGIN, STYLE),
                file("/page/overview.js", "overview.js", Permission.ANY_LOGIN, SCRIPT),
                file("/page/llm-metrics.js", "llm-metrics.js", Permission.ANY_LOGIN, SCRIPT),
                file("/page/live.js", "live.js", Permission.ANY_LOGIN, SCRIPT),
                file("/page/dom.js", "dom.js", Permission.ANY_LOGIN, SCRIPT),
                file("/page/format.js", "format.js", Permission.ANY_LOGIN, SCRIPT),
                file("/page/chart.js", "chart.js", Permission.ANY_LOGIN, SCRIPT),
                file("/page/task.js", "task.js", Permission.ANY_LOGIN, SCRIPT),
                file("/page/task-page.js", "task-page.js", Permission.ANY_LOGIN, SCRIPT));
    }

    private static Operation file(String path, String name, Permission permission, String type) {
        PageFile file = PageFile.of(type, read(name));
        return Operation.get(id(name), path, permission, file::write)
                .summary("Sends a file of the pages.")
                .header("If-None-Match", Schema.text(), "The ETag of what the browser has already.")
                .answer(200, "The file.", type)
                .answer(304, "The browser has it.");
    }

    /** Such as {@code getBaseCss}. */
    private static String id(String name) {
        StringBuilder id = new StringBuilder("get");
        for (String part : name.split("[.-]", -1)) {
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
