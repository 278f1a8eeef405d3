/* SPDX-License-Identifier: MIT */
/*
 * store-file -- files and folders that are there whole or not at all, also
 * after a loss of power.
 *
 * What can fail returns false, with the reason in problem (size bytes).
 */
#ifndef STORE_FILE_H
#define STORE_FILE_H

#include "base.h"

/* Write it beside itself, to PATH~, and rename that into place. */
bool store_file_write(const char *path, const char *text, size_t len,
    char *problem, size_t size) MUST_CHECK;

/* Write a new file, as lasting as the next store_file_flush() makes it. */
bool store_file_put(const char *path, const char *text, size_t len,
    char *problem, size_t size) MUST_CHECK;

/* All that was written in the file system of the folder is lasting: for many
 * files one wait. */
bool store_file_flush(
    const char *folder, char *problem, size_t size) MUST_CHECK;

/* The names in a folder are as lasting as the files. */
bool store_file_sync(const char *folder, char *problem, size_t size) MUST_CHECK;

/* Rename a folder into place.  Sets *there when another one is, already. */
bool store_file_place(const char *from, const char *to, bool *there,
    char *problem, size_t size) MUST_CHECK;

/* Remove a folder and the files in it; one that is not there is no fault. */
void store_file_remove(const char *folder);

#endif /* STORE_FILE_H */
