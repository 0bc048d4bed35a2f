using System.Collections.Immutable;

namespace PrivateInference.Passes;

/// <summary>A pass by name with values for some of its parameters, as a recipe or a command line gives it.</summary>
public sealed record PassRequest(string Name, ImmutableDictionary<string, string> Parameters)
{
    /// <summary>Reads <c>name</c> or <c>name:key=value,key=value</c>.</summary>
    /// <exception cref="PassException">The text has another form.</exception>
    public static PassRequest Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(':', 2);
        ImmutableDictionary<string, string> parameters = ImmutableDictionary<string, string>.Empty;
        foreach (string pair in parts.Length == 1 ? [] : parts[1].Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] sides = pair.Split('=', 2);
            if (sides.Length != 2 || sides[0].Length == 0)
                throw new PassException($"'{pair}' in '{text}' is not of the form key=value.");
            if (parameters.ContainsKey(sides[0]))
                throw new PassException($"'{text}' gives '{sides[0]}' twice.");
            parameters = parameters.Add(sides[0], sides[1]);
        }

        return new PassRequest(parts[0], parameters);
    }
}
