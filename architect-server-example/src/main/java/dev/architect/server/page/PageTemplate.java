package dev.architect.server.page;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** The frame that all pages have: the sidebar, the bar above and that of telephones. What differs is filled in. Immutable. */
final class PageTemplate {

    /** The pages that the bar of a telephone names; the others are behind "More". */
    private static final Set<String> ON_TELEPHONES = Set.of("overview", "tasks", "reviews", "llm-metrics");

    private final String frame;
    private final List<Page> pages;

    PageTemplate(String frame, List<Page> pages) {
        this.frame = frame;
        this.pages = List.copyOf(pages);
    }

    /** Returns the HTML of {@code page} with {@code content} in its frame. Titles and names are those of the program, and need no escaping. */
    byte[] write(Page page, String content) {
        return frame.replace("{{main}}", content)
                .replace("{{nav}}", sidebar(page))
                .replace("{{tabs}}", tabs(page))
                .replace("{{title}}", page.title())
                .replace("{{name}}", page.name())
                .replace("{{root}}", page.root())
                .getBytes(StandardCharsets.UTF_8);
    }

    private String sidebar(Page shown) {
        StringBuilder html = new StringBuilder();
        String group = "";
        for (Page page : pages) {
            if (!page.group().equals(group)) {
                group = page.group();
                html.append("<h2>").append(group).append("</h2>\n      ");
            }
            html.append(link(shown, page)).append("\n      ");
        }
        return html.toString().strip();
    }

    private String tabs(Page shown) {
        StringBuilder html = new StringBuilder();
        pages.stream()
                .filter(page -> ON_TELEPHONES.contains(page.name()))
                .forEach(page -> html.append(link(shown, page)).append("\n    "));
        return html.toString().strip();
    }

    private static String link(Page shown, Page page) {
        return "<a href=\"%s\" data-icon=\"%s\" data-go=\"%s\"%s><span>%s</span></a>"
                .formatted(
                        shown.root() + page.path().substring(1),
                        page.icon(),
                        page.key(),
                        isWithin(shown, page) ? " aria-current=\"page\"" : "",
                        page.title());
    }

    /** Whether {@code shown} is {@code page}, or a page of one of its things. */
    private static boolean isWithin(Page shown, Page page) {
        return shown.equals(page)
                || shown.path().startsWith(page.path() + "/")
                || (page.path().equals("/projects") && shown.path().startsWith("/p/"))
                || (page.path().equals("/reviews") && shown.path().equals("/rules"));
    }
}
