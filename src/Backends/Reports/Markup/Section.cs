namespace PrivateInference.Backends.Reports.Markup;

/// <summary>A part of a page under a heading of its own.</summary>
/// <param name="Id">The anchor: lower-case letters and hyphens.</param>
/// <param name="Title">The heading.</param>
/// <param name="Body">What stands under it.</param>
internal sealed record Section(string Id, string Title, Html Body);
