using System.Security.Cryptography;
using System.Text;

namespace PrivateInference.Backends.Reports.Markup;

/// <summary>A style sheet or script that comes with the program and is written into the page.</summary>
internal sealed class Asset
{
    private Asset(string name)
    {
        using Stream stream = typeof(Asset).Assembly.GetManifestResourceStream($"Reports/{name}")
            ?? throw new InvalidOperationException($"The assembly lacks '{name}'.");
        using StreamReader reader = new(stream);
        string text = reader.ReadToEnd().ReplaceLineEndings("\n");
        Content = Html.Trusted(text);
        Hash = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
    }

    public static Asset Style { get; } = new("report.css");

    public static Asset Script { get; } = new("report.js");

    public Html Content { get; }

    /// <summary>What a content security policy calls it.</summary>
    public string Hash { get; }
}
