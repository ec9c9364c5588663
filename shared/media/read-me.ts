/** README.TXT at the root of the medium, as IHE PDI asks for (RAD TF-3, 4.47): what it is, and of whom it says nothing. */

/** The text, in ASCII, with the line ends of Windows. */
export const READ_ME = `Images of one study
===================

How to look at them: open the file DICOMDIR with a DICOM viewer, or drop the
whole folder on it. Unpack the ZIP first.

DICOMDIR    the directory of the images
INDEX.HTM   what is here, for a browser
DICOM       one folder for each series, one file for each image or document

The study was de-identified before it was given away: names and numbers that
could identify the patient were replaced or removed, and dates were moved by
some weeks, by the same for all studies of a patient, or removed. Patient ID
and UIDs are pseudonyms: whoever sent you the link can tell what they stand
for.

The images are as they were stored by the sender, in full quality, some of
them compressed. There is no viewer on this medium, and nothing that runs.

Made by Filmroom.
`.replaceAll('\n', '\r\n');
