/** Records of decisions, and models that route by recorded outcomes. */
@NullMarked
package dev.architect.cli.route;

import org.jspecify.annotations.NullMarked;
