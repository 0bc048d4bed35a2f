namespace PrivateInference.Passes;

/// <summary>A setting of a pass, as <c>--pass NAME:key=value</c> and recipes give it.</summary>
/// <param name="Name">Lower case, words joined by hyphens.</param>
/// <param name="Description">What it does and which values it takes, in one line.</param>
/// <param name="Default">The value where none is given, in the form a user would write it.</param>
public sealed record PassParameter(string Name, string Description, string Default);
