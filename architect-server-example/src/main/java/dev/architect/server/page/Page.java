package dev.architect.server.page;

/**
 * One page.
 *
 * @param path where it is, with names in braces
 * @param name its script's name, without the ending
 * @param title its title, and what the sidebar calls it
 * @param group the heading of the sidebar that it stands under; empty above all headings
 * @param icon the name of its icon in {@code icons.js}
 * @param key the letter that leads to it after {@code g}; empty for none
 */
record Page(String path, String name, String title, String group, String icon, String key) {

    /** The way from this page to the root of the site, such as {@code ../}. */
    String root() {
        int depth = path.length() - path.replace("/", "").length();
        return depth <= 1 ? "./" : "../".repeat(depth - 1);
    }
}
