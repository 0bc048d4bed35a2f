using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace PrivateInference.Testing;

/// <summary>A report as a reader's program sees it: its tree, and the figures that say which place of <c>cost.json</c> they are.</summary>
internal sealed partial class ReportPage
{
    private ReportPage(XElement root) => Root = root;

    public XElement Root { get; }

    /// <summary>Parses a page strictly: every element is closed, every attribute quoted.</summary>
    /// <exception cref="System.Xml.XmlException">It is not well-formed.</exception>
    public static ReportPage Parse(string html) => new(XDocument.Parse(Raw().Replace(html, "<${name}></${name}>")).Root!);

    public IEnumerable<XElement> All(string name) => Root.Descendants(name);

    /// <summary>Every figure of the page that is in the cost report has its value there, and there are some.</summary>
    public void AssertFiguresEqual(JsonNode cost)
    {
        XElement[] figures = [.. All("data").Where(d => d.Attribute("data-of") is not null)];
        Assert.NotEmpty(figures);
        foreach (XElement figure in figures)
        {
            string place = figure.Attribute("data-of")!.Value;
            long expected = (long)(Find(cost, place) ?? throw new Xunit.Sdk.XunitException($"cost.json has no '{place}'."));
            Assert.True(expected.ToString(CultureInfo.InvariantCulture) == figure.Attribute("value")!.Value, $"{place}: {expected} in cost.json, {figure} in the page.");
        }
    }

    private static JsonNode? Find(JsonNode cost, string place)
    {
        JsonNode? node = cost;
        foreach (string part in Part().Matches(place).Select(m => m.Value))
            node = part[0] == '[' ? node?[int.Parse(part[1..^1], CultureInfo.InvariantCulture)] : node?[part];
        return node;
    }

    // What a browser does not parse.
    [GeneratedRegex(@"<(?<name>style|script)>.*?</\k<name>>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Raw();

    [GeneratedRegex(@"[a-z_]+|\[\d+\]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Part();
}
