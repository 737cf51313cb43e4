/** What the resources share: errors, JSON in and out. */
@NullMarked
package dev.architect.server.rest;

import org.jspecify.annotations.NullMarked;
